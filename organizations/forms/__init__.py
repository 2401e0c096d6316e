from organizations.forms.account import ChangePasswordForm, LoginForm

__all__ = ["ChangePasswordForm", "LoginForm"]
