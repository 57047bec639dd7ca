import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { AppError } from '../../platform/errors/index.ts';
import { CurrentPerson, SessionGuard, type SignedIn } from '../identity/index.ts';
import type { ApprovalPage } from './approval.ts';
import { EndBody, given, ListQuery, parse, ReviewBody } from './approvals.dto.ts';
import { ApprovalsService } from './approvals.service.ts';
import type { ApprovalList } from './list-approvals.ts';

/** Requests for a person who is signed in; keys and agents get no further than the guard. GET changes nothing. */
@Controller('api/v1/approvals')
@UseGuards(SessionGuard)
export class ApprovalsController {
  readonly #approvals: ApprovalsService;

  constructor(approvals: ApprovalsService) {
    this.#approvals = approvals;
  }

  @Get()
  @Header('cache-control', 'no-store')
  async list(@CurrentPerson() person: SignedIn, @Query() query: unknown): Promise<ApprovalList> {
    return this.#approvals.list(person, given(parse(ListQuery, query)));
  }

  @Get(':id')
  @Header('cache-control', 'no-store')
  async page(@CurrentPerson() person: SignedIn, @Param('id') id: string): Promise<ApprovalPage> {
    return this.#approvals.page(person, id);
  }

  @Post(':id/reviews')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async review(
    @CurrentPerson() person: SignedIn,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<{ counted: boolean; approval: ApprovalPage }> {
    const { verdict, actionHash, reason } = parse(ReviewBody, body);
    const said = reason === undefined ? {} : { reason };
    const result = await this.#approvals.review(person, id, { verdict, actionHash, channel: 'console', ...said });
    if (result.kind === 'answered') return { counted: result.counted, approval: result.approval };
    // One answer of each counts, and repeating it is no error: the service says so as an answer.
    throw new AppError(result.code, result.message);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async revoke(
    @CurrentPerson() person: SignedIn,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<{ approval: ApprovalPage }> {
    await this.#approvals.revoke(person, id, parse(EndBody, body).reason);
    return { approval: await this.#approvals.page(person, id) };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async cancel(
    @CurrentPerson() person: SignedIn,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<{ approval: ApprovalPage }> {
    await this.#approvals.cancel(person, id, parse(EndBody, body).reason);
    return { approval: await this.#approvals.page(person, id) };
  }
}
