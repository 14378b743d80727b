-- Strategic and framework agreements signed by the as-of date: how far they reach, what they lock, and whether they are
-- empty: a year after the signature neither an order nor a deal had followed.
select
    signed.contract_id,
    signed.account_id,
    signed.contract_name,
    signed.kind,
    signed.signed_date,
    signed.end_date,
    signed.amount,
    signed.is_exclusive,
    signed.locked_projects,
    signed.is_joint,
    signed.is_live,
    case when signed.is_live
        then date_diff('day', cast($as_of as date), signed.end_date) / cast(30.4375 as double) end as months_left,
    case when signed.age >= 365 then coalesce(followed.n, 0) = 0 end as is_empty
from (
    select
        contracts.contract_id,
        contracts.account_id,
        contracts.contract_name,
        contracts.kind,
        coalesce(contracts.signed_date, contracts.start_date) as signed_date,
        contracts.end_date,
        cast(contracts.amount as double) as amount,
        contracts.is_exclusive,
        contracts.locked_projects,
        lower(contracts.contract_name) like '%innovation%'
        or contracts.contract_name like '%创新%'
        or contracts.contract_name like '%創新%' as is_joint,
        coalesce(contracts.end_date >= cast($as_of as date), true) as is_live,
        date_diff('day', coalesce(contracts.signed_date, contracts.start_date), cast($as_of as date)) as age
    from contracts
    where
        contracts.kind in ('strategic', 'framework')
        and coalesce(contracts.signed_date, contracts.start_date) <= cast($as_of as date)
) as signed
left join (
    select contracts.contract_id, count(*) as n
    from contracts
    inner join (
        select account_id, order_date as day from orders
        where coalesce(status, 'valid') = 'valid' and order_date <= cast($as_of as date)
        union all
        select account_id, created_date as day from opportunities
        where not coalesce(is_deleted, false) and created_date <= cast($as_of as date)
    ) as events
        on
            contracts.account_id = events.account_id
            and events.day > coalesce(contracts.signed_date, contracts.start_date)
            and date_diff('day', coalesce(contracts.signed_date, contracts.start_date), events.day) <= 365
    group by contracts.contract_id
) as followed on signed.contract_id = followed.contract_id
order by signed.account_id, signed.end_date, signed.contract_id
