import type { EvaluationContext } from '@openfeature/server-sdk';
import type { VisitorScope } from '../scope.ts';

/** Whom a context of OpenFeature is of; everything in it is an attribute as well. */
export function scopeOfContext(context: EvaluationContext): VisitorScope {
  const { targetingKey, anonymousId, userId, groupId, sessionId } = context;
  return {
    anonymousId: idOf(anonymousId) ?? targetingKey,
    userId: idOf(userId) ?? targetingKey,
    groupId: idOf(groupId),
    sessionId: typeof sessionId === 'string' ? sessionId : undefined,
    attributes: context,
  };
}

function idOf(id: unknown): string | number | undefined {
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}
