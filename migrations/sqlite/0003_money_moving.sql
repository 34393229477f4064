-- The first statement was written by drizzle-kit, the other by hand.
ALTER TABLE `attempts` ADD `moving_since` integer;--> statement-breakpoint
-- Until now a card call whose outcome is unknown was told from others by its number alone.
UPDATE `attempts` SET `moving_since` = `updated_at` WHERE `status` = 'unknown' AND `used` = 1;
