-- uses: purchases, touches, scores
-- One row per contract with a first and a last day that was known at $as_of: by its signing, else its first day.
-- booked: what was ordered against it. Where orders name contracts, those that name it; where none names any, all that
-- its account bought from a month before it was signed to its last day: its money is never counted twice.
-- What we know of the relationship is told at its last day, or at $as_of where that is earlier.
select
    known.contract_id,
    known.account_id,
    known.kind,
    known.start_date,
    known.end_date,
    cast(known.amount as double) as amount,
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
        amount
    from contracts
    where coalesce(signed_date, start_date) <= cast($as_of as date) and end_date > start_date
) as known
left join (
    select contract_id, sum(amount) as amount
    from orders
    where order_date <= cast($as_of as date) and coalesce(status, 'valid') in ('valid', 'return')
    group by contract_id
) as named on known.contract_id = named.contract_id
left join (
    select contracts.contract_id, sum(purchases.revenue) as amount
    from contracts
    inner join purchases on contracts.account_id = purchases.account_id
    where
        (select count(contract_id) from orders where order_date <= cast($as_of as date)) = 0
        and purchases.day <= contracts.end_date
        and date_diff('day', purchases.day, least(coalesce(contracts.signed_date, contracts.start_date), contracts.start_date))
        <= 30
    group by contracts.contract_id
) as spent on known.contract_id = spent.contract_id
left join (
    select contracts.contract_id, count(distinct touches.activity_id) as n
    from contracts
    inner join touches on contracts.account_id = touches.account_id
    where
        touches.activity_date <= contracts.end_date
        and date_diff('day', touches.activity_date, least(contracts.end_date, cast($as_of as date))) < 365
    group by contracts.contract_id
) as met on known.contract_id = met.contract_id
left join (
    select contracts.contract_id, count(*) as n
    from contracts
    inner join cases on contracts.account_id = cases.account_id
    where
        cases.opened_date <= least(contracts.end_date, cast($as_of as date))
        and date_diff('day', cases.opened_date, least(contracts.end_date, cast($as_of as date))) < 365
    group by contracts.contract_id
) as troubled on known.contract_id = troubled.contract_id
left join (
    select contracts.contract_id, cast(sum(scores.score01) as double) / nullif(count(*), 0) as satisfaction
    from contracts
    inner join scores on contracts.account_id = scores.account_id
    where scores.survey_date <= contracts.end_date
    group by contracts.contract_id
) as answered on known.contract_id = answered.contract_id
order by known.contract_id
