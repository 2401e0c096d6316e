"""Due dates of reviews, what triggers one, extensions, and offers of work."""

from dynamic_review.models.due import Outcome, ReviewDue, ReviewExtension
from dynamic_review.models.triggers import Answer, JobOffer, ReviewTrigger

__all__ = ["Answer", "JobOffer", "Outcome", "ReviewDue", "ReviewExtension", "ReviewTrigger"]
