/** A program that loads a driver of a SQL database. */
const SQL_DRIVER =
  /(?:(?:^|[;:])[ \t]*(?:import|from|const|let|var|export)\b|\b(?:require|import|__import__|import_module)[ \t]*\()[^\n;#]{0,200}?(?<![\w.-])(?:psycopg[23]?|asyncpg|pg8000|sqlite3|aiosqlite|pymysql|mysql\.connector|MySQLdb|aiomysql|sqlalchemy|pyodbc|cx_Oracle|oracledb|duckdb|snowflake\.connector|clickhouse_(?:driver|connect)|pg|pg-promise|postgres|better-sqlite3|node:sqlite|bun:sqlite|mysql2?|mariadb|mssql|tedious|knex|sequelize|typeorm|@prisma\/client)(?![\w-])|["`](?:database\/sql|github\.com\/(?:lib\/pq|jackc\/pgx|go-sql-driver|mattn\/go-sqlite3|jmoiron\/sqlx)|gorm\.io\/)/m;
/** What is sent to the database is put together elsewhere. */
const SENT_UNSEEN =
  /\.(?:execute(?:script|many)?|exec|query|queryRow|raw|run|prepare|read_sql)\w{0,20}\(\s{0,20}(?![rbu]{0,2}["'`]|text\s?\(\s?["'`])[\w([]/i;
/** Stands for a statement that nobody can see: no parser takes it for a read. */
export const UNSEEN_STATEMENT = '(put together where it runs)';

/** Whether a program can send statements to a database that do not stand in it. */
export function sendsUnseen(program: string, hasStatements: boolean): boolean {
  return SQL_DRIVER.test(program) && (!hasStatements || SENT_UNSEEN.test(program));
}
