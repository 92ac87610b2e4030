-- References whose first word is this one.
SELECT DISTINCT reference FROM papers
 WHERE reference >= :start AND reference < :start || char(1114111) AND reference GLOB :start || '[^0-9A-Za-z]*'
