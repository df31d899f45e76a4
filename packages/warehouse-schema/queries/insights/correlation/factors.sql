-- What goes with going on, and what with dropping off: for each event that people did and each value that a property had
-- in the time that is looked at, how many people of either kind, and what that says.
-- with_c, with_d: who went on, who dropped off, of those who did it; without_c, without_d: of the others.
-- Odds ratio with half a person added to each of the four, and its 95 % interval by the normal approximation of the
-- logarithm (Gart 1966); two-sided p by Pearson's chi-square test, or Fisher's exact one where fewer than five are expected
-- somewhere; adjusted for the number of tests by Benjamini and Hochberg (1995).
-- bound: the end of the interval nearer to 1, as a factor away from it: the least that is plausible.
-- converted, dropped: how many people there are; minimum: who did it, of both kinds
SELECT
    factor.1 AS kind,
    factor.2 AS property,
    factor.3 AS value,
    with_c,
    with_d,
    odds,
    odds_low,
    odds_high,
    p,
    least(1, min(p * tests / place) OVER (ORDER BY place DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS adjusted_p,
    tests,
    exp(abs(log(odds)) - 1.959963984540054 * spread) AS bound,
    odds > 1 AS goes_on
FROM
(
    SELECT
        *,
        count() OVER () AS tests,
        row_number() OVER (ORDER BY p, factor) AS place
    FROM
    (
        SELECT
            factor,
            toFloat64(uniqExactIf(person, converted)) AS with_c,
            toFloat64(uniqExactIf(person, NOT converted)) AS with_d,
            toFloat64({converted:UInt64}) - with_c AS without_c,
            toFloat64({dropped:UInt64}) - with_d AS without_d,
            with_c + with_d + without_c + without_d AS everybody,
            (with_c + 0.5) * (without_d + 0.5) / ((with_d + 0.5) * (without_c + 0.5)) AS odds,
            sqrt(1 / (with_c + 0.5) + 1 / (with_d + 0.5) + 1 / (without_c + 0.5) + 1 / (without_d + 0.5)) AS spread,
            exp(log(odds) - 1.959963984540054 * spread) AS odds_low,
            exp(log(odds) + 1.959963984540054 * spread) AS odds_high,
            least(with_c + with_d, without_c + without_d) * least(with_c + without_c, with_d + without_d) / everybody AS least_expected,
            lgamma(with_c + without_c + 1) + lgamma(with_d + without_d + 1) + lgamma(with_c + with_d + 1) + lgamma(without_c + without_d + 1) - lgamma(everybody + 1) AS margins,
            arrayMap(
                k -> exp(margins - lgamma(k + 1) - lgamma(with_c + with_d - k + 1) - lgamma(with_c + without_c - k + 1) - lgamma(without_d - with_c + k + 1)),
                arrayMap(
                    n -> toFloat64(n),
                    range(
                        toUInt64(if(least_expected < 5, greatest(0, with_c - without_d), 0)),
                        toUInt64(if(least_expected < 5, least(with_c + with_d, with_c + without_c) + 1, 0))
                    )
                )
            ) AS tables,
            exp(margins - lgamma(with_c + 1) - lgamma(with_d + 1) - lgamma(without_c + 1) - lgamma(without_d + 1)) AS this_table,
            if(
                least_expected < 5,
                least(1, arraySum(t -> if(t <= this_table * (1 + 1e-7), t, 0), tables)),
                erfc(abs(with_c * without_d - with_d * without_c) * sqrt(everybody / 2 / (with_c + with_d) / (without_c + without_d) / (with_c + without_c) / (with_d + without_d)))
            ) AS p
        FROM
        (
            SELECT
                r.person AS person,
                p.converted AS converted,
                arrayJoin(r.factors) AS factor
            FROM
            (
                SELECT
                    {{person}} AS person,
                    toInt64(toUnixTimestamp64Milli(events.timestamp)) AS time,
                    {{factors}} AS factors
                FROM events
                WHERE {{rows}} AND notEmpty(factors)
            ) AS r
            GLOBAL INNER JOIN ({{people}}) AS p ON r.person = p.person
            WHERE r.time >= p.entered AND r.time < p.until
        )
        GROUP BY factor
        HAVING with_c + with_d >= {minimum:UInt32}
    )
)
ORDER BY bound DESC, p, factor
LIMIT {limit:UInt32} BY goes_on
