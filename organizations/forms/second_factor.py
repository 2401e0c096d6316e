"""Setting up and using the second factor (两步验证)."""

from typing import Any

from django import forms

from organizations.models import Staff

_DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "maxlength": 12}


class CodeForm(forms.Form):
    """The six digits that the phone shows now."""

    code = forms.CharField(label="验证码", max_length=20, widget=forms.TextInput(attrs=_DIGITS))


class SecondStepForm(CodeForm):
    """The second step of log-in: the phone's digits, or a recovery code in their place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "手机上“两步验证”显示的6位数字；手机不在身边的，填一个备用码。"
        self.fields["code"].widget.attrs["inputmode"] = "text"


class StartForm(forms.Form):
    """Before a new key is made: the password, and a code where a second factor is in force already."""

    password = forms.CharField(
        label="登录密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(label="现在的验证码", max_length=20, help_text="原手机上的6位数字，或一个备用码。")

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._staff = staff
        if staff.second_factor_at is None:
            del self.fields["code"]

    def clean_password(self) -> str:
        """
        :raises ValidationError: the password is not the account's.
        """
        password: str = self.cleaned_data["password"]
        if not self._staff.check_password(password):
            raise forms.ValidationError("密码不对，请重新输入。", code="password_incorrect")
        return password
