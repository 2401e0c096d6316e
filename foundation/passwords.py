"""Password rules whose sentences Django does not have in Chinese."""

from django.contrib.auth import password_validation


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """A password has at least so many characters (密码长度)."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要有{self.min_length}个字符。"

    def get_help_text(self) -> str:
        return f"至少{self.min_length}个字符。"
