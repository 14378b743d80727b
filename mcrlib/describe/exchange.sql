-- uses: rivalled
-- How information flows, one row per account: touches of a year that went both ways, of those whose direction is known,
-- and deals of two years of which the rival is known, of all that were opened.
select
    accounts.account_id,
    coalesce(told.n, 0) as n_told,
    coalesce(told.n_answered, 0) as n_answered,
    coalesce(dealt.n, 0) as n_deals,
    case when (select count(rival) from rivalled) > 0 then coalesce(dealt.n_rival, 0) end as n_rival_known
from accounts
left join (
    select account_id, count(*) as n, count(case when direction <> 'out' then 1 end) as n_answered
    from activities
    where
        direction is not null
        and activity_date <= cast($as_of as date)
        and date_diff('day', activity_date, cast($as_of as date)) < 365
        and coalesce(status, 'done') = 'done'
        and coalesce(activity_type, 'other') <> 'note'
    group by account_id
) as told on accounts.account_id = told.account_id
left join (
    select account_id, count(*) as n, count(rival) as n_rival
    from rivalled
    where date_diff('day', created_date, cast($as_of as date)) < 730
    group by account_id
) as dealt on accounts.account_id = dealt.account_id
order by accounts.account_id
