-- uses: agreed
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
    signed.is_live,
    case when signed.is_live
        then date_diff('day', cast($as_of as date), signed.end_date) / cast(30.4375 as double) end as months_left,
    case when signed.age >= 365 then coalesce(followed.n, 0) = 0 end as is_empty
from (
    select
        contract_id,
        account_id,
        contract_name,
        kind,
        signed_date,
        end_date,
        amount,
        is_exclusive,
        locked_projects,
        is_live,
        date_diff('day', signed_date, cast($as_of as date)) as age
    from agreed
    where kind in ('strategic', 'framework')
) as signed
left join (
    select agreed.contract_id, count(*) as n
    from agreed
    inner join (
        select account_id, order_date as day from orders
        where coalesce(status, 'valid') = 'valid' and order_date <= cast($as_of as date)
        union all
        select account_id, created_date as day from opportunities
        where not coalesce(is_deleted, false) and created_date <= cast($as_of as date)
    ) as events
        on
            agreed.account_id = events.account_id
            and events.day > agreed.signed_date
            and date_diff('day', agreed.signed_date, events.day) <= 365
    group by agreed.contract_id
) as followed on signed.contract_id = followed.contract_id
order by signed.account_id, signed.end_date, signed.contract_id
