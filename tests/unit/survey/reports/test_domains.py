from survey.reports.domains import list_domains, whole_results
from tests import report_values


def test_each_measure_is_followed_by_its_sectors_each_once() -> None:
    places = [(domain.measure_code, domain.sector_code) for domain in list_domains(report_values.report())]

    assert places == [
        ("tthc", ""),
        ("tthc", "land"),
        ("tthc", "construction"),
        ("tthc", "investment"),
        ("tthc", "other"),
        ("sipas", ""),
        ("health", ""),
        ("education", ""),
    ]


def test_a_sector_without_target_has_figures_and_no_verdict() -> None:
    other = list_domains(report_values.report())[4]

    assert (other.result, other.figures.n, other.sector_name.vi) == (None, 2040, "Lĩnh vực khác")


def test_a_target_set_of_sectors_alone_is_listed_as_it_stands() -> None:
    land_alone = report_values.report(report_values.sketch_results()[1:2])

    assert [domain.sector_code for domain in list_domains(land_alone)] == ["land"]


def test_only_measures_with_an_index_are_drawn() -> None:
    troubled = report_values.report(report_values.troubled_results())

    assert [result.measure_code for result in whole_results(troubled)] == ["tthc", "health"]
