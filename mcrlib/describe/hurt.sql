-- uses: scores
-- Customers hurt in the last year (a complaint of severity 1 or 2, or an answer of $hurt or less), who stands beside them in
-- the same industry and city, and what is open there. Beside whom nobody can be named, their industry or city is unknown.
select
    hurt.account_id,
    hurt.hurt_date,
    hurt.n_moments,
    cast(beside.n_neighbours as bigint) as n_neighbours,
    cast(beside.n_open as bigint) as neighbour_deals,
    cast(beside.open_amount as double) as neighbour_amount
from (
    select account_id, max(day) as hurt_date, count(*) as n_moments
    from (
        select account_id, opened_date as day from cases where severity <= 2
        union all
        select account_id, survey_date as day from scores where score01 <= cast($hurt as double)
    ) as moments
    where day <= cast($as_of as date) and date_diff('day', day, cast($as_of as date)) < 365
    group by account_id
) as hurt
left join (
    select
        mine.account_id,
        count(other.account_id) as n_neighbours,
        coalesce(sum(waiting.n_open), 0) as n_open,
        case when sum(waiting.n_open) > 0 then sum(waiting.open_amount) else 0 end as open_amount
    from accounts as mine
    left join accounts as other
        on mine.industry = other.industry and mine.city = other.city and mine.account_id <> other.account_id
    left join (
        select account_id, count(*) as n_open, sum(amount) as open_amount
        from opportunities
        where
            status = 'open'
            and coalesce(created_date, cast($as_of as date)) <= cast($as_of as date)
            and not coalesce(is_deleted, false)
        group by account_id
    ) as waiting on other.account_id = waiting.account_id
    where mine.industry is not null and mine.city is not null
    group by mine.account_id
) as beside on hurt.account_id = beside.account_id
order by hurt.account_id
