"""The forms that a wish can have, by what it is about; ``refinement.reader`` tries them in order."""
