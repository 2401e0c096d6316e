"""Log-in and change of password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.passwords import MinimumLengthValidator
from organizations.models import Staff


class LoginForm(AuthenticationForm):
    """工号 and password; an account outside its dates is refused with the reason."""

    error_messages = {
        "invalid_login": "工号或密码不对，请核对后再试。连续输错会暂时锁定。",
        "inactive": "这个账号已停用，请联系系统管理员。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "工号"
        self.fields["password"].label = "密码"

    def confirm_login_allowed(self, user: Staff) -> None:
        """
        :raises ValidationError: the account is not in use today.
        """
        super().confirm_login_allowed(user)
        if not user.is_active_on(timezone.localdate()):
            raise ValidationError(self.error_messages["inactive"], code="inactive")


class ChangePasswordForm(PasswordChangeForm):
    """The old password once, the new one twice; the new one differs from the old."""

    error_messages = PasswordChangeForm.error_messages | {
        "password_unchanged": "新密码不能和原密码相同。",
        "password_incorrect": "原密码不对，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样。",
    }
    old_password = forms.CharField(
        label="原密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password1"].help_text = "不能全是数字，不能太常见，也不能和工号、姓名相近；" + "".join(
            validator.get_help_text()
            for validator in get_default_password_validators()
            if isinstance(validator, MinimumLengthValidator)
        )
        self.fields["new_password2"].label = "再输一次新密码"
        self.fields["new_password2"].help_text = ""

    def clean_new_password1(self) -> str:
        """
        :raises ValidationError: the new password is the old one.
        """
        new: str = self.cleaned_data["new_password1"]
        if new == self.cleaned_data.get("old_password"):
            raise ValidationError(self.error_messages["password_unchanged"], code="password_unchanged")
        return new
