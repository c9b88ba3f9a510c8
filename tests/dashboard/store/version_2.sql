BEGIN TRANSACTION;
CREATE TABLE activities (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch INTEGER NOT NULL, 
	type VARCHAR NOT NULL, 
	date TEXT, 
	commune_code TEXT, 
	province_code TEXT, 
	old_province_code TEXT, 
	events FLOAT, 
	people_reached FLOAT, 
	women FLOAT, 
	men FLOAT, 
	children FLOAT, 
	items FLOAT, 
	team TEXT, 
	partner TEXT, 
	note TEXT, 
	quality TEXT, 
	source TEXT, audience TEXT, topic TEXT, 
	FOREIGN KEY(batch) REFERENCES batches (number)
);
INSERT INTO "activities" VALUES(1,1,'direct_session','2025-07-30','06712','22','22',2.0,150.0,80.0,70.0,NULL,NULL,'Đội A','','','reported','nhật ký.xlsx',NULL,NULL);
INSERT INTO "activities" VALUES(2,1,'leaflet','2025-06-01','06712','22','22',NULL,NULL,NULL,NULL,NULL,300.0,'','','=1+1','reported','nhật ký.xlsx',NULL,NULL);
INSERT INTO "activities" VALUES(3,2,'direct_session','2025-03-01','27694','80','80',2.0,150.0,80.0,70.0,NULL,NULL,'Đội A','','','reported','nhật ký.xlsx',NULL,NULL);
INSERT INTO "activities" VALUES(4,2,'leaflet','2025-08-15','06712','22','22',NULL,NULL,NULL,NULL,NULL,300.0,'','','=1+1','reported','nhật ký.xlsx',NULL,NULL);
INSERT INTO "activities" VALUES(5,3,'direct_session','2020-01-01','06712','22','22',2.0,150.0,80.0,70.0,NULL,NULL,'Đội A','','','reported','nhật ký.xlsx',NULL,NULL);
INSERT INTO "activities" VALUES(6,3,'leaflet','2020-01-02','06712','22','22',NULL,NULL,NULL,NULL,NULL,300.0,'','','=1+1','reported','nhật ký.xlsx',NULL,NULL);
CREATE TABLE batches (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at VARCHAR NOT NULL, 
	table_name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	name TEXT NOT NULL, 
	digest VARCHAR NOT NULL, 
	rows INTEGER NOT NULL, 
	undone_at VARCHAR
);
INSERT INTO "batches" VALUES(1,'2026-11-27T09:12:35.668145+00:00','activities','file','nhật ký.xlsx','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',2,NULL);
INSERT INTO "batches" VALUES(2,'2026-11-27T09:12:35.991611+00:00','activities','form','Nhập trên trang','',2,NULL);
INSERT INTO "batches" VALUES(3,'2026-11-27T09:12:36.321068+00:00','activities','file','thu.csv','',2,'2026-11-27T09:12:36.437793+00:00');
INSERT INTO "batches" VALUES(4,'2026-11-27T09:12:36.656496+00:00','places','file','nơi','',2,NULL);
CREATE TABLE history (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject TEXT NOT NULL, 
	detail TEXT NOT NULL
);
INSERT INTO "history" VALUES(1,'2026-11-27T09:12:35.685186+00:00','add','activities 1','nhật ký.xlsx: 2');
INSERT INTO "history" VALUES(2,'2026-11-27T09:12:36.024033+00:00','add','activities 2','Nhập trên trang: 2');
INSERT INTO "history" VALUES(3,'2026-11-27T09:12:36.340167+00:00','add','activities 3','thu.csv: 2');
INSERT INTO "history" VALUES(4,'2026-11-27T09:12:36.446679+00:00','undo','activities 3','thu.csv: 2');
INSERT INTO "history" VALUES(5,'2026-11-27T09:12:36.683921+00:00','add','places 4','nơi: 2');
INSERT INTO "history" VALUES(6,'2026-11-27T16:43:54.370084+00:00','add_plan','1','Quý IV');
INSERT INTO "history" VALUES(7,'2026-11-27T16:43:54.375288+00:00','put_task','1','todo: Mở đầu');
INSERT INTO "history" VALUES(8,'2026-11-27T16:43:54.545643+00:00','put_type_parameters','leaflet','');
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('version','2');
INSERT INTO "meta" VALUES('activities.published','5 8e6e5cbc69f6c6391d4e6ff1c9fd4b4d52d3e3a30494ff94b34a945fc13b383a');
INSERT INTO "meta" VALUES('type_parameters.published','1 e36ae0b2a111096d9177a3795bafd7caddddf5ae361d431255b4d2efaa50ccb8');
INSERT INTO "meta" VALUES('activities.state','5');
INSERT INTO "meta" VALUES('periods.published','0 57480395aa64440300f63b2ea3dd7ad0b41080fbd405397390d47a9e25e104bf');
INSERT INTO "meta" VALUES('type_parameters.state','1');
CREATE TABLE periods (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, batch INTEGER NOT NULL REFERENCES batches (number), old_province_code TEXT, commune_code TEXT, first_day TEXT, last_day TEXT, quality TEXT, source TEXT, as_of TEXT, confidence TEXT);
INSERT INTO "periods" VALUES(1,1,'22','06712','2025-06-01','2025-07-30','reported','nhật ký.xlsx',NULL,NULL);
INSERT INTO "periods" VALUES(2,2,'22','06712','2025-08-15','2025-08-15','reported','Nhập trên trang',NULL,NULL);
INSERT INTO "periods" VALUES(3,2,'80','27694','2025-03-01','2025-03-01','reported','Nhập trên trang',NULL,NULL);
INSERT INTO "periods" VALUES(4,3,'22','06712','2020-01-01','2020-01-02','reported','thu.csv',NULL,NULL);
CREATE TABLE places (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	batch INTEGER NOT NULL, 
	place_id TEXT, 
	kind TEXT, 
	name TEXT, 
	province_code TEXT, 
	commune_code TEXT, 
	lat FLOAT, 
	lon FLOAT, 
	count FLOAT, 
	people FLOAT, 
	capacity FLOAT, 
	days_per_week FLOAT, 
	sessions_per_week FLOAT, 
	phone TEXT, 
	since TEXT, 
	note TEXT, 
	quality TEXT, 
	source TEXT, 
	FOREIGN KEY(batch) REFERENCES batches (number)
);
INSERT INTO "places" VALUES(1,4,'T1','team','Các đội tình nguyện','51',NULL,NULL,NULL,168.0,1239.0,NULL,NULL,NULL,'',NULL,'','reported','báo cáo');
INSERT INTO "places" VALUES(2,4,'S1','shelter','Nhà tạm lánh','22','06712',NULL,NULL,1.0,NULL,10.0,NULL,NULL,'111',NULL,'','reported','báo cáo');
CREATE TABLE plans (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at VARCHAR NOT NULL, 
	province_code VARCHAR NOT NULL, 
	name TEXT NOT NULL, 
	first_day VARCHAR NOT NULL, 
	weeks INTEGER NOT NULL, 
	settings TEXT NOT NULL, 
	items TEXT NOT NULL
);
INSERT INTO "plans" VALUES(1,'2026-11-27T16:43:54.369116+00:00','22','Quý IV','2026-10-05',12,'{"floors": {"a": [1, 2]}, "money": 40.5}','{"kinds": {"team": "text", "commune_code": "text", "week": "int64", "type": "text", "sessions": "int64", "people_expected": "float64", "late": "bool"}, "data": [["1", "00004", 1, "direct_session", 1, 90.0, false], ["2", "06712", 2, "direct_session", 3, null, true]]}');
CREATE TABLE tasks (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	province_code VARCHAR NOT NULL, 
	occasion TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	due VARCHAR, 
	state VARCHAR NOT NULL, 
	note TEXT NOT NULL
);
INSERT INTO "tasks" VALUES(1,'22','30/7',1,'Mở đầu','',NULL,'todo','');
CREATE TABLE type_parameters (
	type VARCHAR NOT NULL, 
	counted_by TEXT, 
	reach_per_event FLOAT, 
	strength FLOAT, 
	half_life_months FLOAT, 
	unit_cost FLOAT, 
	team_days FLOAT, 
	volunteer_days FLOAT, 
	planned TEXT, 
	quality TEXT, 
	evidence_grade TEXT, 
	source TEXT, 
	as_of TEXT, 
	confidence TEXT, 
	note TEXT, 
	PRIMARY KEY (type)
);
INSERT INTO "type_parameters" VALUES('leaflet','items',1.0,0.1,6.0,0.5,0.0,0.005,'no','modelled','C','Định mức của tỉnh','2026-01-01','low','assumption: one reader a leaflet');
CREATE INDEX activities_by_batch ON activities (batch);
CREATE INDEX places_by_id ON places (place_id, batch);
CREATE INDEX periods_by_batch ON periods (batch);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('batches',4);
INSERT INTO "sqlite_sequence" VALUES('activities',6);
INSERT INTO "sqlite_sequence" VALUES('history',8);
INSERT INTO "sqlite_sequence" VALUES('places',2);
INSERT INTO "sqlite_sequence" VALUES('periods',4);
INSERT INTO "sqlite_sequence" VALUES('plans',1);
INSERT INTO "sqlite_sequence" VALUES('tasks',1);
COMMIT;
