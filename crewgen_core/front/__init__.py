"""The parts of the front door: one file for each thing that can be asked about; ``crewgen_core.app`` joins them.

``house`` is what they share: settings, who asks, the database, knowledge. What ``Crewgen.crews`` answers is in
``crews``, and so on; ``shelf``, ``forecasting``, ``follow_up``, ``template_measuring``, ``model_choice``,
``supervising`` and ``run_spending`` serve them.
"""
