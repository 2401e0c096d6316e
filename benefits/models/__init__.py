"""Awards (待遇), their checks, and recognitions (认定身份)."""

from benefits.models.awards import Award, AwardEnd, AwardPerson, AwardPlace, AwardState, AwardVersion, CareLevel
from benefits.models.checks import AwardCheck, CheckCause
from benefits.models.recognitions import Recognition, RecognitionPerson

__all__ = [
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
