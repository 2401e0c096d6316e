"""资格自测: what a family tells of itself, as facts of the assessment, and the answer in a villager's words. Pure."""
