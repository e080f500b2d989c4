using Grpc.Core;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Tests.Completions;

public sealed class CompleteTests(CompleteTests.Fixture fixture) : IClassFixture<CompleteTests.Fixture>
{
    private const string Script = """
        turns:
          - when: { last_contains: "slowly" }
            content: "one two three four"
            chunks: 4
            delay: 500ms
          - when: { assistant_messages: 0 }
            content: "I list the sheets first."
            tool_calls: [{ name: filesystem__list_directory, arguments: { path: sheets, depth: 2 } }]
            usage: { input_tokens: 812, output_tokens: 42 }
            chunks: 3
          - when: { last_tool: filesystem__list_directory }
            content: "There is ${last_tool_result}."
        """;

    private Gateway Gateway => fixture.Gateway;

    [Fact]
    public async Task Complete_FirstTurn_AnswersWithToolCallUsageAndCost()
    {
        var completion = await Gateway.CompleteAsync(Gateway.Ask("Review the sheets."));

        Assert.Equal("I list the sheets first.", completion.Message.Content);
        Assert.Equal(FinishReason.ToolCalls, completion.FinishReason);
        var call = Assert.Single(completion.Message.ToolCalls);
        Assert.Equal("filesystem__list_directory", call.ToolName);
        Assert.Equal("""{ "path": "sheets", "depth": 2 }""", call.Arguments.ToString());

        // 812 × 0.40 + 42 × 1.60 = 392 millionths of a dollar.
        Assert.Equal(new Usage { InputTokens = 812, OutputTokens = 42, CostMicroUsd = 392 }, completion.Usage);
        Assert.Equal(("rehearsal", "script", false), (completion.Provider, completion.UpstreamModel, completion.Replayed));
    }

    [Fact]
    public async Task Complete_ToolHasAnswered_GoesOnFromItsResult()
    {
        var input = Gateway.Ask("Review the sheets.");
        var first = await Gateway.CompleteAsync(input);
        input.Messages.Add(first.Message);
        input.Messages.Add(new Message { Role = Role.Tool, ToolCallId = first.Message.ToolCalls[0].ToolCallId, Content = "[FILE] limits.csv" });

        var second = await Gateway.CompleteAsync(input);

        Assert.Equal("There is [FILE] limits.csv.", second.Message.Content);
        Assert.Equal(FinishReason.Stop, second.FinishReason);
    }

    [Fact]
    public async Task StreamComplete_AnswerInChunks_ArrivesPieceByPieceThenWhole()
    {
        using var call = Gateway.Client().StreamComplete(
            new StreamCompleteRequest { Input = Gateway.Ask("Count slowly.") }, cancellationToken: TestContext.Current.CancellationToken);
        var arrivals = new List<(TimeSpan At, StreamCompleteResponse Part)>();
        var start = TimeProvider.System.GetTimestamp();
        await foreach (var part in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            arrivals.Add((TimeProvider.System.GetElapsedTime(start), part));
        }

        Assert.Equal(5, arrivals.Count);
        Assert.Equal("one two three four", string.Concat(arrivals.SkipLast(1).Select(arrival => arrival.Part.TextDelta)));
        Assert.Equal("one two three four", arrivals[^1].Part.Completion.Message.Content);

        // The first piece does not wait for the last: three pauses lie between them.
        Assert.True(arrivals[3].At - arrivals[0].At > TimeSpan.FromMilliseconds(200), "The pieces came at once.");
    }

    [Fact]
    public async Task Complete_WorkflowsQuestion_IsAccountedForOnce()
    {
        await Gateway.CompleteAsync(Gateway.Ask("Review the sheets.", workflowId: "wf-usage"));

        Assert.Equal(
            "grid/norrvik/ada/default/rehearsal/script/812/42/392/False",
            await Gateway.QueryAsync<string>("""
                select concat_ws('/', team, project, principal, model, provider, upstream_model, input_tokens, output_tokens, cost_micro_usd, case when is_estimate then 'True' else 'False' end)
                from usage
                where workflow_id = 'wf-usage'
                """));
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal Gateway Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Gateway = await Gateway.StartAsync(Script);

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }
}
