import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { Database } from '../db/index.ts';
import { AppError } from '../errors/index.ts';
import { Log } from '../telemetry/log.ts';
import { ErrorFilter, HealthController } from './index.ts';

@Controller('fail')
class FailingController {
  @Get('expected')
  expected(): never {
    throw new AppError('not_found', 'No such thing. Look elsewhere.');
  }

  @Get('unexpected')
  unexpected(): never {
    throw new Error('password=hunter2');
  }
}

let test: TestDatabase;
let database: Database;
let app: INestApplication;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new Database({ connectionString: test.url });
  @Module({
    controllers: [HealthController, FailingController],
    providers: [{ provide: Database, useValue: database }],
  })
  class TestModule {}
  app = await NestFactory.create(TestModule, { logger: false });
  app.useGlobalFilters(new ErrorFilter(new Log('error')));
  await app.listen(0, '127.0.0.1');
});

afterAll(async () => {
  await app?.close();
  await test?.drop();
});

async function get(path: string): Promise<{ status: number | undefined; body: unknown }> {
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
    })
      .on('error', reject)
      .end();
  });
}

describe('errors over HTTP', () => {
  it('tells a failure by its code, its message and the status of the registry', async () => {
    expect(await get('/fail/expected')).toEqual({
      status: 404,
      body: { code: 'not_found', message: 'No such thing. Look elsewhere.' },
    });
  });

  it('tells only a reference of what nobody expected', async () => {
    const { status, body } = await get('/fail/unexpected');
    expect(status).toBe(500);
    expect(body).toEqual({ code: 'internal', message: expect.stringMatching(/reference [0-9a-f]{8}/) });
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });
});

describe('health', () => {
  it('is ready while the database answers, and not after', async () => {
    expect(await get('/health/ready')).toEqual({ status: 200, body: { status: 'ok' } });
    await database.close();
    expect(await get('/health/ready')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await get('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
  });
});
