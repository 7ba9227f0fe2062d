"""Corrects estimates by the outcomes of own runs.

``calibration`` learns from outcomes: ``recalibration`` (on ``arrow``) how chances of success have to be shifted and
stretched, ``ratios`` (on ``student``) what cost and duration have to be multiplied by. ``correction`` applies it to an
estimate and says so, ``lines`` how that is worked out. ``track_record`` tells, in ``measures``, how good that would
have been so far.
Formulas, figures and weak points: ``docs/estimator.md``.
"""
