"""The self-test's questions (资格自测), step by step in one form that keeps everything typed."""

from one_window.forms.self_test.questions import IncomeForm
from one_window.forms.self_test.steps import SelfTest, Step, kept_values

__all__ = ["IncomeForm", "SelfTest", "Step", "kept_values"]
