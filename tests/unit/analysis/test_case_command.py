import json

import pytest

from analysis.__main__ import main

Q2 = {7: "", 3: 9}


def line(row, stratum, psu):
    return (
        f"{stratum},{psu},{1 + row % 3},{row * 1.5},{row % 2},{1 + row % 5},{Q2.get(row, 4)},{'ab'[row % 2]}"
    )


PLACES = [(stratum, f"{stratum}{psu}") for stratum in "AB" for psu in range(3) for _ in range(3)]
DATA = "\n".join(["st,psu,w,y,sat,q1,q2,g", *(line(row, *place) for row, place in enumerate(PLACES))])
DESIGN = {
    "kind": "taylor",
    "weights": "w",
    "ids": ["psu"],
    "strata": ["st"],
    "fpc": [],
    "nest": False,
    "options": {"lonely_psu": "fail", "adjust_domain_lonely": False},
    "item_codes": {"satisfied": [4, 5], "not_applicable": [9]},
}


@pytest.fixture
def run(tmp_path):
    def answer(*queries, design=DESIGN, data=DATA):
        (tmp_path / "data.csv").write_text(data, encoding="utf-8")
        (tmp_path / "design.json").write_text(json.dumps(design), encoding="utf-8")
        named = [{"id": f"q{k}", **query} for k, query in enumerate(queries)]
        (tmp_path / "queries.json").write_text(json.dumps(named), encoding="utf-8")
        out = tmp_path / "out.json"
        status = main(["estimate", str(tmp_path), "--out", str(out)])
        answers = json.loads(out.read_text(encoding="utf-8"))
        return status, [answers[query["id"]] for query in named]

    return answer


MEAN = {"kind": "mean", "var": "y"}


def test_answers_go_to_standard_output_without_a_file(run, tmp_path, capsys):
    run(MEAN)
    capsys.readouterr()

    assert main(["estimate", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["q0"]["n"] == 18


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"kind": "mean", "var": "nothing"}, "unknown_column: column=nothing"),
        ({"kind": "mean", "var": "g"}, "not_numeric: column=g, row=1"),
        ({"kind": "meen", "var": "y"}, "unknown_kind: kind=meen"),
        ({"kind": "mean"}, "parameter_missing: parameter=var"),
        ({"kind": "mean", "var": "y", "domian": []}, "unknown_parameter: parameter=domian, meant=domain"),
        ({"kind": "mean", "var": "y", "levl": 0.9}, "unknown_parameter: parameter=levl, meant=level"),
        ({"kind": "mean", "var": "y", "transform": "log"}, "unknown_transform"),
        ({"kind": "mean", "var": "y", "domain": [{"var": "g"}]}, "domain_condition_not_understood"),
        ({"kind": "mean", "var": "y", "level": 95}, "level_out_of_range"),
        ({"kind": "proportion", "var": "y"}, "not_an_indicator: column=y, row=2"),
        (
            {"kind": "mean", "var": "y", "override": {"weights": "q2"}},
            "weight_missing: column=weights, row=8",
        ),
        ({"kind": "mean", "var": "y", "override": {"ids": ["g"]}}, "psu_in_two_strata: psu=a"),
        ({"kind": "mean", "var": "y", "override": {"kind": "bayes"}}, "unknown_design_kind"),
        ({"kind": "mean", "var": "y", "override": {"calibration": [{"method": "x"}]}}, "unknown_calibration"),
        ({"kind": "formula", "formula": "magic"}, "unknown_formula"),
        ({"kind": "composite", "items": ["q1"], "weights": [1, 2]}, "weights_do_not_match_items"),
        ({"kind": "contrast", "terms": [{"var": "y"}]}, "term_not_understood"),
        ({"kind": "replicate_estimates", "var": "y"}, "not_a_replicate_design"),
        ({"kind": "targets", "target": 0.5, "estimate": {"kind": "x"}}, "unknown_estimate"),
        ({"kind": "weights", "rows": [99]}, "row_out_of_range"),
    ],
)
def test_a_faulty_query_is_named_on_one_line_and_the_others_are_answered(run, query, named):
    status, answers = run(query, MEAN)

    assert status == 1
    assert named in answers[0]["error"]
    assert "\n" not in answers[0]["error"]
    assert answers[1]["n"] == 18


def test_a_note_in_a_query_does_no_harm(run):
    status, (answer,) = run({**MEAN, "note": "second quarter", "title": "Hà Nam"})

    assert (status, answer["n"]) == (0, 18)


def test_the_command_prints_each_fault_on_one_line(run, capsys):
    status, _ = run({"kind": "mean", "var": "nothing"}, MEAN)

    assert (status, capsys.readouterr().err) == (1, "q0: unknown_column: column=nothing\n")


@pytest.mark.parametrize(
    ("weight", "fault"),
    [
        ("-1", "weight_negative"),
        ("", "weight_missing"),
        ("inf", "infinite"),
    ],
)
def test_a_faulty_weight_is_named_with_its_row(run, weight, fault):
    lines = DATA.split("\n")
    first, second, _, *rest = lines[4].split(",")
    lines[4] = ",".join([first, second, weight, *rest])

    status, (answer,) = run(MEAN, data="\n".join(lines))

    assert status == 1
    assert fault in answer["error"]
    assert "row=4" in answer["error"]


def test_a_calibration_without_solution_is_an_error_of_its_query(run):
    step = {"method": "poststratify", "vars": ["g"], "table": [{"g": "a", "total": 3}]}

    status, answers = run({**MEAN, "override": {"calibration": [step]}}, MEAN)

    assert status == 1
    assert answers[0]["error"] == "level_without_total: margin=g, level=b"


def test_an_empty_domain_has_no_numbers(run):
    empty = [{"var": "g", "in": ["zzz"]}]

    status, (mean, share, quantile) = run(
        {**MEAN, "domain": empty},
        {"kind": "proportion", "var": "sat", "domain": empty},
        {"kind": "quantile", "var": "y", "probs": [0.5], "domain": empty},
    )

    assert status == 0
    assert (mean["n"], mean["est"], mean["se"], mean["ci"]) == (0, None, None, None)
    assert (share["n"], share["est"]) == (0, None)
    assert quantile["est"] == [None]


def test_no_degrees_of_freedom_no_interval(run):
    _, (mean,) = run({**MEAN, "domain": [{"var": "psu", "in": ["A0"]}]})

    assert (mean["n"], mean["df"], mean["ci"]) == (3, 0, None)


def test_numbers_in_a_domain_match_by_value_and_texts_by_letter(run):
    _, (by_number, by_text) = run(
        {**MEAN, "domain": [{"var": "sat", "in": [1]}]}, {**MEAN, "domain": [{"var": "sat", "in": ["1"]}]}
    )

    assert by_number == by_text
    assert by_number["n"] == 9


def test_groups_are_sorted_as_text(run):
    _, (groups,) = run({**MEAN, "by": ["st", "g"]})

    assert [tuple(answer["key"].values()) for answer in groups] == [
        ("A", "a"),
        ("A", "b"),
        ("B", "a"),
        ("B", "b"),
    ]


def test_not_applicable_and_missing_leave_numerator_and_denominator(run):
    _, (share, score) = run(
        {"kind": "proportion", "var": "q2", "transform": "satisfied"},
        {"kind": "mean", "var": "q2", "transform": "score100"},
    )

    assert (share["n"], share["est"]) == (16, 1)
    assert score["est"] == 75


def test_fractions_and_sizes_agree(run):
    size = {"fpc": ["N"], "fpc_kind": "size"}
    fraction = {"fpc": ["f"], "fpc_kind": "fraction"}
    lines = DATA.split("\n")
    data = "\n".join([lines[0] + ",N,f", *(line + ",12,0.25" for line in lines[1:])])

    _, (first, second) = run({**MEAN, "override": size}, {**MEAN, "override": fraction}, data=data)

    assert first == second


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.csv", None),
        ("data.csv", "a,b\n1\n"),
        ("data.csv", "a\n"),
        ("data.csv", b"\xff\xfe\x00"),
        ("design.json", "{"),
        ("design.json", "[]"),
        ("queries.json", "{}"),
        ("queries.json", '[{"kind": "mean"}]'),
        ("queries.json", '[{"id": "a"}, {"id": "a"}]'),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_status_two(run, tmp_path, capsys, name, content):
    run(MEAN)
    path = tmp_path / name
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    capsys.readouterr()

    assert main(["estimate", str(tmp_path)]) == 2
    assert name in capsys.readouterr().err


REPLICATED = "\n".join(
    ["w,y,r1,r2,r3,r4", "1,3,2,0,2,0", "1,5,0,2,2,0", "2,4,4,0,0,4", "2,6,0,4,0,4", "1,2,2,2,0,0"]
)


@pytest.mark.parametrize(
    ("described", "scale"),
    [
        ({"type": "BRR"}, 1 / 4),
        ({"type": "Fay", "rho": 0.5}, 1),
        ({"type": "JK1"}, 3 / 4),
        ({"type": "JKn", "rscales": [1, 1, 1, 1]}, 1),
        ({"type": "bootstrap"}, 1 / 3),
        ({"type": "ACS"}, 1),
    ],
)
def test_the_type_of_replicates_gives_the_scale_that_is_not_given(run, described, scale):
    """R 4.2, survey 4.1: svrepdesign(type = ...)$scale of four replicates."""

    def design(**replicates):
        return {"kind": "replicate", "weights": "w", "replicates": {"prefix": "r", "n": 4, **replicates}}

    _, (by_type,) = run(MEAN, design=design(**described), data=REPLICATED)
    _, (by_scale,) = run(MEAN, design=design(type="other", scale=scale), data=REPLICATED)

    assert by_type["se"] == pytest.approx(by_scale["se"], rel=1e-12)


@pytest.mark.parametrize(
    ("described", "named"),
    [
        ({"type": "other"}, "scale=missing"),
        ({}, "scale=missing"),
        ({"type": "Fay"}, "rho=missing"),
        ({"type": "JKn"}, "parameter=rscales"),
    ],
)
def test_replicates_whose_scale_is_unknown_are_refused(run, described, named):
    design = {"kind": "replicate", "weights": "w", "replicates": {"prefix": "r", "n": 4, **described}}

    status, (answer,) = run(MEAN, design=design, data=REPLICATED)

    assert status == 1
    assert named in answer["error"]


def test_without_a_standard_error_the_side_of_the_target_decides(run):
    """As R's pt(Inf, df) does, and as the formula t_vs_target answers."""
    data = DATA.replace(",sat,", ",flat,").split("\n")
    rows = [",".join([*line.split(",")[:4], "1", *line.split(",")[5:]]) for line in data[1:]]
    query = {"kind": "targets", "estimate": {"kind": "mean", "var": "flat"}, "by": ["g"], "margin": 0.05}

    _, (below, above, equal) = run(
        *({**query, "target": target} for target in (0.9, 1.1, 1)), data="\n".join([data[0], *rows])
    )

    assert [(g["t"], g["p_above"], g["p_above_holm"], g["p_below"]) for g in below] == [
        ("Infinity", 0, 0, 1)
    ] * 2
    assert [(g["t"], g["p_above"], g["p_below"], g["p_below_bh"]) for g in above] == [
        ("-Infinity", 1, 0, 0)
    ] * 2
    assert [(g["t"], g["p_above"], g["p_below_holm"]) for g in equal] == [(None, None, None)] * 2
    assert [g["p_equiv"] for g in equal] == [0, 0]


def override(**keys):
    return {**MEAN, "override": keys}


CONTRAST = {"kind": "contrast", "terms": [{"var": "y", "coef": 1}, {"var": "y", "coef": -1, "domian": []}]}
TARGETS = {
    "kind": "targets",
    "target": 0.5,
    "estimate": {"kind": "composite", "items": ["q1"], "mising": "x"},
}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({**MEAN, "wording": 1}, "parameter=wording"),
        ({**MEAN, "domain": [{"var": "g", "in": ["a"], "not": []}]}, "parameter=not, in=domain[1]"),
        (CONTRAST, "parameter=domian, in=terms[2], meant=domain"),
        (TARGETS, "parameter=mising, in=estimate, meant=missing"),
        (override(strat=[]), "parameter=strat, in=override, meant=strata"),
        (override(options={"lonelypsu": "adjust"}), "in=override.options, meant=lonely_psu"),
        (override(item_codes={"not_aplicable": [9]}), "in=override.item_codes, meant=not_applicable"),
        (override(calibration=[{"method": "trim", "uper": 9}]), "in=override.calibration[1], meant=upper"),
        (
            override(calibration=[{"method": "rake", "margins": [{"vars": ["g"], "tabel": []}]}]),
            "in=override.calibration[1].margins[1], meant=table",
        ),
        (
            override(calibration=[{"method": "calibrate", "terms": [{"typ": "intercept", "total": 3}]}]),
            "in=override.calibration[1].terms[1], meant=type",
        ),
        (
            override(calibration=[{"method": "poststratify", "vars": ["g"], "table": [{"g": 1, "totl": 3}]}]),
            "in=override.calibration[1].table[1], meant=total",
        ),
    ],
)
def test_an_unknown_key_at_any_level_is_named_and_the_others_are_answered(run, query, named):
    status, (faulty, right) = run(query, MEAN)

    assert status == 1
    assert faulty["error"].startswith("unknown_parameter: ")
    assert named in faulty["error"]
    assert right["n"] == 18


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"stratta": ["st"]}, "parameter=stratta, in=design"),
        ({"options": {"lonely": "fail"}}, "parameter=lonely, in=design.options, meant=lonely_psu"),
        ({"replicates": {"prefx": "r"}}, "in=design.replicates, meant=prefix"),
        ({"index": {"element": []}}, "in=design.index, meant=elements"),
        ({"index": {"elements": [{"name": "a", "wieght": 1}]}}, "in=design.index.elements[1], meant=weight"),
    ],
)
def test_an_unknown_key_in_the_design_is_an_error_of_every_query(run, change, named):
    status, answers = run(MEAN, {"kind": "design_summary"}, design={**DESIGN, **change})

    assert status == 1
    assert all(named in answer["error"] for answer in answers)
