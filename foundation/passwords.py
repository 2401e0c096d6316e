"""Password rules whose sentences Django does not have in Chinese; first passwords that are read aloud."""

import secrets

from django.contrib.auth import password_validation

_SPOKEN = "acefhkrtwxy" + "346789"
"""No two of them look alike on paper or sound alike on the telephone."""
_GROUPS, _IN_A_GROUP = 4, 4


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """A password has at least so many characters (密码长度)."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要有{self.min_length}个字符。"

    def get_help_text(self) -> str:
        return f"至少{self.min_length}个字符。"


def first_password() -> str:
    """A first password (首次密码): four groups of four, letters and figures that are not mistaken for one another."""
    while True:
        groups = ["".join(secrets.choice(_SPOKEN) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS)]
        if all(any(sign.isdigit() for sign in group) and any(sign.isalpha() for sign in group) for group in groups):
            return "-".join(groups)
