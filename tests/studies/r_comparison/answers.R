# Answers the queries of tests/studies/r_comparison with the package survey; one directory per design.
suppressMessages({library(survey); library(jsonlite)})
options(survey.ultimate.cluster = FALSE, warn = -1, digits = 17)

formula_of <- function(names) if (length(names)) as.formula(paste("~", paste(names, collapse = "+"))) else NULL

build <- function(data, d) {
  options(survey.lonely.psu = d$options$lonely_psu, survey.adjust.domain.lonely = d$options$adjust_domain_lonely)
  # R wants a population for each stage that it is given; further stages add nothing without one.
  if (length(d$fpc) && length(d$ids)) d$ids <- d$ids[seq_len(min(length(d$ids), length(d$fpc)))]
  ids <- if (length(d$ids)) formula_of(d$ids) else ~1
  design <- svydesign(ids = ids, strata = formula_of(d$strata), weights = ~w, fpc = formula_of(d$fpc),
                      nest = d$nest, data = data)
  for (step in d$calibration) design <- calibrated(design, step)
  design
}

margin_table <- function(m) {
  name <- m$vars[[1]]
  frame <- data.frame(sapply(m$table, function(row) row[[name]]), sapply(m$table, function(row) row$total))
  names(frame) <- c(name, "Freq")
  frame
}

calibrated <- function(design, step) {
  if (step$method == "poststratify") return(postStratify(design, formula_of(step$vars), margin_table(step)))
  if (step$method == "rake")
    return(rake(design, lapply(step$margins, function(m) formula_of(m$vars)), lapply(step$margins, margin_table),
                control = list(maxit = 5000, epsilon = 1e-13)))
  if (step$method == "trim") return(trimWeights(design, upper = step$upper, lower = step$lower, strict = FALSE))
  mm <- terms_of(step, design)
  bounds <- if (is.null(step$bounds)) c(-Inf, Inf) else unlist(step$bounds)
  calibrate(design, mm$formula, population = mm$totals, calfun = step$calfun, bounds = bounds,
            epsilon = 1e-12, maxit = 500)
}

terms_of <- function(step, design) {
  totals <- sapply(step$terms, function(t) t$total)
  names(totals) <- sapply(step$terms, function(t)
    if (t$type == "intercept") "(Intercept)" else if (t$type == "level") paste0(t$var, t$level) else t$var)
  vars <- unique(unlist(lapply(step$terms, function(t) t$var)))
  list(formula = formula_of(vars), totals = totals)
}

subset_of <- function(design, data, q) {
  if (is.null(q$domain)) return(design)
  keep <- Reduce(`&`, lapply(q$domain, function(c) data[[c$var]] %in% unlist(c$`in`)))
  design[keep, ]
}

valid_part <- function(design, values) {
  ok <- !is.na(values)
  list(design = design[ok, ], ok = ok)
}

effects_of <- function(f) list(deff_wor = as.numeric(deff(f(TRUE))), deff_wr = as.numeric(deff(f("replace"))))

estimate <- function(object, design) list(est = as.numeric(coef(object)[1]), se = as.numeric(SE(object)[1]), df = degf(design))

answer <- function(q, design, data) {
  whole <- subset_of(design, data, q)
  if (q$kind == "weights") {
    w <- weights(design)
    return(list(sum = sum(w), min = min(w), max = max(w), sum_sq = sum(w^2)))
  }
  if (q$kind == "chisq") {
    test <- svychisq(as.formula(paste("~", q$row, "+", q$col)), whole, statistic = q$statistic)
    return(list(statistic = as.numeric(test$statistic), p = as.numeric(test$p.value)))
  }
  if (q$kind == "contrast") {
    w <- weights(design)
    parts <- lapply(q$terms, function(t) {
      inside <- data[[t$domain[[1]]$var]] %in% unlist(t$domain[[1]]$`in`)
      m <- sum(w * inside * data[[t$var]]) / sum(w * inside)
      list(m = t$coef * m, z = t$coef * inside * (data[[t$var]] - m) / sum(w * inside))
    })
    design$variables$z <- Reduce(`+`, lapply(parts, function(p) p$z))
    if (anyNA(design$variables$z)) return(list())
    return(list(est = sum(sapply(parts, function(p) p$m)), se = as.numeric(SE(svytotal(~z, design))), df = degf(design)))
  }
  if (!is.null(q$by)) {
    result <- list()
    for (level in sort(unique(as.character(data[[q$by[[1]]]])))) {
      part <- design[data[[q$by[[1]]]] == level & !is.na(data[[q$var]]), ]
      if (degf(part) <= 0) next
      one <- estimate(svymean(formula_of(q$var), part, na.rm = TRUE), part)
      result[paste0("by_", level, c("_est", "_se", "_df"))] <- one
    }
    return(result)
  }
  names <- if (q$kind == "ratio") c(q$num, q$den) else q$var
  d <- whole[complete.cases(whole$variables[, names, drop = FALSE]), ]
  if (q$kind == "mean") return(estimate(svymean(formula_of(q$var), d, na.rm = TRUE), d))
  if (q$kind == "total") {
    result <- estimate(svytotal(formula_of(q$var), d, na.rm = TRUE), d)
    if (!is.null(q$deff)) result <- c(result, effects_of(function(e) svytotal(formula_of(q$var), d, deff = e, na.rm = TRUE)))
    return(result)
  }
  if (q$kind == "ratio") {
    r <- svyratio(formula_of(q$num), formula_of(q$den), d, na.rm = TRUE)
    effects <- if (is.calibrated(d)) list() else
      effects_of(function(e) svyratio(formula_of(q$num), formula_of(q$den), d, deff = e))
    return(c(list(est = as.numeric(coef(r)), se = as.numeric(SE(r)), df = degf(d)), effects))
  }
  if (q$kind == "proportion") {
    m <- svymean(formula_of(q$var), d, na.rm = TRUE)
    result <- estimate(m, d)
    if (result$df > 0 && result$est > 0 && result$est < 1 && is.finite(result$se) && result$se > 1e-9)
      for (method in c("xlogit", "asin", "mean")) {
        ci <- attr(svyciprop(formula_of(q$var), d, method = method, df = result$df, na.rm = TRUE), "ci")
        result[[paste0("ci_", method, "_low")]] <- ci[[1]]
        result[[paste0("ci_", method, "_high")]] <- ci[[2]]
      }
    return(result)
  }
  if (q$kind == "quantile") {
    if (degf(d) <= 0) return(list())
    if (q$interval == "beta" && is.calibrated(d)) q$interval <- "skip"
    result <- list()
    interval <- if (q$interval == "skip") "mean" else q$interval
    quantiles <- svyquantile(formula_of(q$var), d, unlist(q$probs), qrule = q$qrule, interval.type = interval, na.rm = TRUE)[[1]]
    for (k in seq_along(q$probs)) {
      result[[paste0("q", k - 1, "_est")]] <- quantiles[k, 1]
      # At a share of 1, or without variance (a census), R answers or not by the last digit of a sum.
      below <- svymean(as.numeric(d$variables[[q$var]] <= quantiles[k, 1] + 1e-9), d, na.rm = TRUE)
      spread <- as.numeric(SE(below)); below <- as.numeric(coef(below))
      if (q$interval != "skip" && below < 1 - 1e-9 && spread > 1e-9) {
        result[[paste0("q", k - 1, "_low")]] <- quantiles[k, 2]
        result[[paste0("q", k - 1, "_high")]] <- quantiles[k, 3]
      }
    }
    return(result)
  }
}

is.calibrated <- function(d) !is.null(d$postStrata)

for (folder in commandArgs(trailingOnly = TRUE)) {
  data <- read.csv(file.path(folder, "data.csv"), stringsAsFactors = FALSE, na.strings = "")
  for (name in c("g", "h", "k", "st")) data[[name]] <- factor(data[[name]])
  d <- fromJSON(file.path(folder, "design.json"), simplifyVector = FALSE)
  d$ids <- unlist(d$ids); d$strata <- unlist(d$strata); d$fpc <- unlist(d$fpc)
  queries <- fromJSON(file.path(folder, "queries.json"), simplifyVector = FALSE)
  design <- try(build(data, d), silent = TRUE)
  answers <- list()
  for (q in queries) {
    result <- if (inherits(design, "try-error")) list(error = as.character(design))
              else tryCatch(answer(q, design, data), error = function(e) list(error = conditionMessage(e)))
    answers[[q$id]] <- if (length(result)) result else setNames(list(), character(0))
  }
  write(toJSON(as.character(packageVersion("survey"))), file.path(folder, "version.json"))
  write(toJSON(answers, auto_unbox = TRUE, digits = NA, na = "string"), file.path(folder, "r.json"))
}
