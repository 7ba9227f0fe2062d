"""The composer that starts from a template: fills its blanks and fits it to the objective, without a model."""

from decimal import Decimal

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.design import Draft, Provenance
from crewgen_core.models.report import Report
from crewgen_core.models.template import StoredTemplate, TemplateUse
from crewgen_core.templates.adapting import adapt, finish, keep_limits, lay_out
from crewgen_core.templates.filling import fill_crew, fill_text
from crewgen_core.templates.values import read_value, read_values

MOST_FILLED = 6
"""Values that provenance names."""


class TemplateComposer:
    """Composes crews from one template; the same analysis and values always give the same crew."""

    def __init__(self, stored: StoredTemplate, catalog: Catalog) -> None:
        """Take the version of the template, and the catalog for what it lacks."""
        self._stored = stored
        self._catalog = catalog
        self._built_in = CatalogComposer(catalog)

    async def compose(self, analysis: Analysis) -> Draft:
        """Return a crew for the analysis. Raises UnusableTemplate when a blank cannot be filled."""
        template = self._stored.template
        values = read_values(template, analysis.objective.template_values, analysis)
        skeleton = fill_crew(template, values)
        text = analysis.objective.text
        own_words = text != fill_text(template.objective, values)
        work = lay_out(skeleton)
        if own_words:  # else the skeleton was written for exactly this objective
            work = adapt(skeleton, template, analysis, self._built_in.build(analysis), self._catalog)
        keep_limits(work, analysis, self._catalog)
        crew = finish(work, skeleton, analysis, self._catalog)
        usual = {blank.name: read_value(blank, blank.default) if blank.default else "" for blank in template.blanks}
        filled = [
            f"{blank.title}: {values[blank.name]}."
            for blank in template.blanks
            if values[blank.name] != usual[blank.name]
        ]
        use = TemplateUse(
            key=template.key,
            name=template.name,
            number=self._stored.number,
            adaptations=(*filled[:MOST_FILLED], *work.notes),
        )
        return Draft(crew=crew, provenance=Provenance(engine="catalog", cost_usd=Decimal(0), template=use))

    async def repair(self, draft: Draft, analysis: Analysis, report: Report) -> Draft:
        """Return the draft with every fix of an error applied."""
        return await self._built_in.repair(draft, analysis, report)
