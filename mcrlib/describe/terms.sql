-- uses: agreed, purchases, touches, scores
-- One row per contract with a first and a last day that was known at $as_of.
-- booked: what was ordered against it. Where orders name contracts, those that name it; where none names any, all that
-- its account bought from a month before it was signed to its last day: its money is never counted twice.
-- What we know of the relationship is told at its last day, or at $as_of where that is earlier.
select
    known.contract_id,
    known.account_id,
    known.kind,
    known.start_date,
    known.end_date,
    known.amount,
    known.ended_early,
    cast(greatest(coalesce(named.amount, spent.amount, 0), 0) as double) as booked,
    case when (select count(*) from touches) > 0 then cast(coalesce(met.n, 0) as double) end as activities_12m,
    case when (select count(*) from cases where opened_date <= cast($as_of as date)) > 0
        then cast(coalesce(troubled.n, 0) as double)
    end as cases_12m,
    answered.satisfaction
from (
    select
        contract_id,
        account_id,
        coalesce(kind, 'other') as kind,
        start_date,
        end_date,
        amount,
        ended_early
    from agreed
    where end_date > start_date
) as known
left join (
    select contract_id, sum(amount) as amount
    from orders
    where order_date <= cast($as_of as date) and coalesce(status, 'valid') in ('valid', 'return')
    group by contract_id
) as named on known.contract_id = named.contract_id
left join (
    select agreed.contract_id, sum(purchases.revenue) as amount
    from agreed
    inner join purchases on agreed.account_id = purchases.account_id
    where
        (select count(contract_id) from orders where order_date <= cast($as_of as date)) = 0
        and purchases.day <= agreed.end_date
        and date_diff('day', purchases.day, least(agreed.signed_date, agreed.start_date)) <= 30
    group by agreed.contract_id
) as spent on known.contract_id = spent.contract_id
left join (
    select agreed.contract_id, count(distinct touches.activity_id) as n
    from agreed
    inner join touches on agreed.account_id = touches.account_id
    where
        touches.activity_date <= agreed.end_date
        and date_diff('day', touches.activity_date, least(agreed.end_date, cast($as_of as date))) < 365
    group by agreed.contract_id
) as met on known.contract_id = met.contract_id
left join (
    select agreed.contract_id, count(*) as n
    from agreed
    inner join cases on agreed.account_id = cases.account_id
    where
        cases.opened_date <= least(agreed.end_date, cast($as_of as date))
        and date_diff('day', cases.opened_date, least(agreed.end_date, cast($as_of as date))) < 365
    group by agreed.contract_id
) as troubled on known.contract_id = troubled.contract_id
left join (
    select agreed.contract_id, cast(sum(scores.score01) as double) / nullif(count(*), 0) as satisfaction
    from agreed
    inner join scores on agreed.account_id = scores.account_id
    where scores.survey_date <= agreed.end_date
    group by agreed.contract_id
) as answered on known.contract_id = answered.contract_id
order by known.contract_id
