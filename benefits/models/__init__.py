"""Awards (待遇), their checks, and recognitions (认定身份)."""

from benefits.models.awards import Award, AwardEnd, AwardPerson, AwardPlace, AwardState, AwardVersion, CareLevel
from benefits.models.checks import AwardCheck, CheckCause
from benefits.models.recognitions import RECOGNISED, Recognition, RecognitionPerson

__all__ = [
    "RECOGNISED",
    "Award",
    "AwardCheck",
    "AwardEnd",
    "AwardPerson",
    "AwardPlace",
    "AwardState",
    "AwardVersion",
    "CareLevel",
    "CheckCause",
    "Recognition",
    "RecognitionPerson",
]
