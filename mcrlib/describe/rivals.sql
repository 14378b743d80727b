-- uses: rivalled
-- Deals with a named rival, by account and rival: of three years those won and lost, and those that are open. Lost on
-- nobody knows what day is neither.
select
    account_id,
    rival,
    count(case when state = 'won' then 1 end) as n_won,
    count(case when state = 'lost' then 1 end) as n_lost,
    count(case when state = 'open' then 1 end) as n_open,
    cast(coalesce(sum(case when state = 'lost' then amount end), 0) as double) as lost_amount,
    cast(coalesce(sum(case when state = 'open' then amount end), 0) as double) as open_amount
from (
    select
        account_id,
        rival,
        amount,
        case
            when status in ('won', 'lost') and closed_date <= cast($as_of as date)
                then case when date_diff('day', closed_date, cast($as_of as date)) < 1095 then status end
            when status = 'open' or closed_date > cast($as_of as date) then 'open'
        end as state
    from rivalled
    where rival is not null
) as judged
where state is not null
group by account_id, rival
order by account_id, rival
