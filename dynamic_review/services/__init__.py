"""Every change of due dates and reviews (动态管理)."""
