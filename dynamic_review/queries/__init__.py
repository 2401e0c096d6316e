"""Reads of due dates and reviews, cut to what the person may see."""
