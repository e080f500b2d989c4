using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.Testing;
using StatusCode = Grpc.Core.StatusCode;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.LlmGateway.Tests.Completions;

public sealed class IdempotencyTests(IdempotencyTests.Fixture fixture) : IClassFixture<IdempotencyTests.Fixture>
{
    private const string Script = """
        turns:
          - when: { last_contains: "slowly" }
            content: "one two three four"
            chunks: 4
            delay: 500ms
          - when: { last_contains: "fails once" }
            content: "Now it works."
            error: { kind: unavailable }
          - content: "Done."
            usage: { input_tokens: 1, output_tokens: 1 }
        """;

    // How another process would have left a claim: with the digest of the same request.
    private const string CopyClaim = """
        insert into completion (team, project, principal, idempotency_key, request_digest, runner, lease_until, create_time)
        select team, project, principal, @Key, request_digest, gen_random_uuid(), now() + @Lease::interval, now()
        from completion
        where idempotency_key = @Model
        """;

    private Gateway Gateway => fixture.Gateway;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_RepeatedKey_ReturnsTheStoredAnswerAndBillsOnce()
    {
        var input = Gateway.Ask("Go.", NewKey(), workflowId: "wf-repeat");
        var first = await Gateway.CompleteAsync(input);

        var second = await Gateway.CompleteAsync(input);

        Assert.False(first.Replayed);
        Assert.True(second.Replayed);
        Assert.Equal(first, new Completion(second) { Replayed = false });
        Assert.Equal(1, await Gateway.QueryAsync<int>("select count(*) from usage where workflow_id = 'wf-repeat'"));
    }

    [Fact]
    public async Task StreamComplete_KeyOfAWholeAnswer_StreamsTheStoredText()
    {
        var input = Gateway.Ask("Go.", NewKey());
        await Gateway.CompleteAsync(input);

        var (text, completion) = await Gateway.StreamAsync(input);

        Assert.Equal("Done.", Assert.Single(text));
        Assert.True(completion.Replayed);
    }

    [Fact]
    public async Task Complete_KeyOfAnotherRequest_IsRefused()
    {
        var key = NewKey();
        await Gateway.CompleteAsync(Gateway.Ask("Go.", key));

        await Gateway.RefusedAsync(Gateway.Ask("Go elsewhere.", key), StatusCode.AlreadyExists, LlmErrorReason.IdempotencyKeyReused);
    }

    [Fact]
    public async Task Complete_SameKeyInAnotherProject_IsAnotherKey()
    {
        var input = Gateway.Ask("Go.", NewKey());
        await Gateway.CompleteAsync(input);

        var other = await Gateway.Client(project: "elsewhere").CompleteAsync(new CompleteRequest { Input = input }, cancellationToken: Cancellation);

        Assert.False(other.Completion.Replayed);
    }

    [Fact]
    public async Task StreamComplete_ManyCallsAtOnce_ShareOneAnswer()
    {
        var input = Gateway.Ask("Count slowly.", NewKey(), workflowId: "wf-at-once");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Gateway.StreamAsync(input)));

        Assert.All(answers, answer => Assert.Equal(["one ", "two t", "hree", " four"], answer.Text));
        Assert.Single(answers, answer => !answer.Completion.Replayed);
        Assert.Equal(1, await Gateway.QueryAsync<int>("select count(*) from usage where workflow_id = 'wf-at-once'"));
    }

    [Fact]
    public async Task StreamComplete_ClientGoesAway_TheAnswerIsStoredAllTheSame()
    {
        var input = Gateway.Ask("Count slowly.", NewKey());
        using (var call = Gateway.Client().StreamComplete(new StreamCompleteRequest { Input = input }, cancellationToken: Cancellation))
        {
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        }

        await Eventually.TrueAsync(
            () => Gateway.QueryAsync<bool>("select answer is not null from completion where idempotency_key = @Key", new { Key = input.IdempotencyKey }), Cancellation);
        Assert.True((await Gateway.CompleteAsync(input)).Replayed);
    }

    [Fact]
    public async Task Complete_FailedBefore_AsksAgain()
    {
        var input = Gateway.Ask("This fails once.", NewKey());
        await Gateway.RefusedAsync(input, StatusCode.Unavailable, LlmErrorReason.ProviderUnavailable);

        var completion = await Gateway.CompleteAsync(input);

        Assert.Equal("Now it works.", completion.Message.Content);
        Assert.False(completion.Replayed);
    }

    [Fact]
    public async Task Complete_AnotherProcessIsAtIt_IsToldToComeAgainBeforeTheDeadline()
    {
        var input = await ClaimedElsewhereAsync("1 hour");

        var exception = await Assert.ThrowsAsync<RpcException>(() => Gateway.Client().CompleteAsync(
            new CompleteRequest { Input = input }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2), cancellationToken: Cancellation).ResponseAsync);

        Gateway.AssertReason(exception, StatusCode.Aborted, LlmErrorReason.IdempotencyKeyBusy);
        Assert.Equal(Duration.FromTimeSpan(TimeSpan.FromSeconds(1)), exception.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay);
    }

    [Fact]
    public async Task Complete_AnotherProcessFinishes_GivesItsAnswer()
    {
        var input = await ClaimedElsewhereAsync("1 hour");
        var answer = Gateway.CompleteAsync(input);

        await Gateway.QueryAsync<int>(
            "update completion set answer = (select answer from completion where idempotency_key = @Model) where idempotency_key = @Key",
            new { Key = input.IdempotencyKey, Model = $"{input.IdempotencyKey}/model" });

        Assert.True((await answer).Replayed);
    }

    [Fact]
    public async Task Complete_AnotherProcessDied_TakesOverOnceTheLeaseHasRunOut()
    {
        var input = await ClaimedElsewhereAsync("300 milliseconds");

        var completion = await Gateway.CompleteAsync(input);

        Assert.Equal("Done.", completion.Message.Content);
        Assert.False(completion.Replayed);
    }

    // A request, and under its key a claim that is not this process's.
    private async Task<CompletionInput> ClaimedElsewhereAsync(string lease)
    {
        var input = Gateway.Ask("Go.", NewKey());
        var model = new CompletionInput(input) { IdempotencyKey = $"{input.IdempotencyKey}/model" };
        await Gateway.CompleteAsync(model);
        await Gateway.QueryAsync<int>(CopyClaim, new { Key = input.IdempotencyKey, Model = model.IdempotencyKey, Lease = lease });
        return input;
    }

    private static string NewKey() => Guid.CreateVersion7().ToString("n");

    public sealed class Fixture : IAsyncLifetime
    {
        internal Gateway Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Gateway = await Gateway.StartAsync(Script);

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }
}
