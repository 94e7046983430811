-- What input does to a busy session that does not say so itself.
alter table session add column input_mode text not null default 'QUEUE';
