-- uses: encounters
-- Deals won or lost in three years, with what was logged at the customer in the half year before they were opened: how
-- many people of theirs answered us, in how many functions and levels, and how often we were there at all.
select
    closed.opportunity_id,
    closed.account_id,
    closed.is_won = 1 as is_won,
    closed.amount,
    count(distinct case when met.direction <> 'out' then met.contact_id end) as n_people,
    count(distinct case when met.direction <> 'out' then contacts.level || contacts.function end) as n_cells,
    count(distinct met.activity_id) as n_touches
from (
    select
        opportunity_id,
        account_id,
        created_date,
        cast(amount as double) as amount,
        case when status = 'won' then 1 else 0 end as is_won
    from opportunities
    where
        status in ('won', 'lost')
        and closed_date <= cast($as_of as date)
        and date_diff('day', closed_date, cast($as_of as date)) < 1095
        and created_date is not null
        and not coalesce(is_deleted, false)
) as closed
left join encounters as met
    on
        closed.account_id = met.account_id
        and met.activity_date < closed.created_date
        and date_diff('day', met.activity_date, closed.created_date) <= 180
left join contacts on met.contact_id = contacts.contact_id
group by closed.opportunity_id, closed.account_id, closed.is_won, closed.amount
order by closed.opportunity_id
