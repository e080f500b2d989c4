using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Llm.V1;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.LlmGateway.Tests.Providers.OpenAi;

public sealed class OpenAiAnswerTests(OpenAiFixture fixture) : IClassFixture<OpenAiFixture>
{
    private Gateway Gateway => fixture.Gateway;

    private Upstream Upstream => fixture.Upstream;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_Conversation_IsAskedAsOpenAiWantsIt()
    {
        Upstream.Expect(Upstream.Say("Fine."));
        var input = new CompletionInput
        {
            Model = "gpt",
            Temperature = 0.5,
            MaxOutputTokens = 100,
            Messages =
            {
                new Message { Role = Role.System, Content = "Be careful." },
                new Message { Role = Role.User, Content = "Read it." },
                new Message
                {
                    Role = Role.Assistant,
                    ToolCalls =
                    {
                        new ToolCall { ToolCallId = "c1", ToolName = "fs__read", Arguments = Struct.Parser.ParseJson("""{"path": "a.csv", "head": 3}""") },
                        new ToolCall { ToolCallId = "c2", ToolName = "fs__read", MalformedArguments = "{\"path\": " },
                    },
                },
                new Message { Role = Role.Tool, ToolCallId = "c1", Content = "1;2" },
                new Message { Role = Role.Tool, ToolCallId = "c2", Content = "The arguments are not JSON." },
            },
            Tools = { new ToolDefinition { ToolName = "fs__read", Description = "Reads.", InputSchema = Struct.Parser.ParseJson("""{"type": "object"}""") } },
        };

        await Gateway.CompleteAsync(input);

        var request = Assert.Single(Upstream.Requests);
        Assert.Equal($"Bearer {OpenAiFixture.Key}", request.Authorization);
        Assert.True(JsonNode.DeepEquals(request.Body, JsonNode.Parse("""
            {
              "model": "gpt-test", "temperature": 0.5, "max_completion_tokens": 100,
              "messages": [
                {"role": "system", "content": "Be careful."},
                {"role": "user", "content": "Read it."},
                {"role": "assistant", "content": null, "tool_calls": [
                  {"id": "c1", "type": "function", "function": {"name": "fs__read", "arguments": "{\"path\":\"a.csv\",\"head\":3}"}},
                  {"id": "c2", "type": "function", "function": {"name": "fs__read", "arguments": "{\"path\": "}}
                ]},
                {"role": "tool", "tool_call_id": "c1", "content": "1;2"},
                {"role": "tool", "tool_call_id": "c2", "content": "The arguments are not JSON."}
              ],
              "tools": [{"type": "function", "function": {"name": "fs__read", "description": "Reads.", "parameters": {"type": "object"}}}]
            }
            """)), request.Body.ToJsonString());
    }

    [Fact]
    public async Task Complete_WholeAnswer_ComesWithUsageAndCost()
    {
        Upstream.Expect(Upstream.Say("Fine."));

        var completion = await Gateway.CompleteAsync(Ask());

        Assert.Equal(("Fine.", FinishReason.Stop), (completion.Message.Content, completion.FinishReason));
        Assert.Equal(("openai", "gpt-test"), (completion.Provider, completion.UpstreamModel));

        // 1000 × 0.15 + 500 × 0.60 = 450 millionths of a dollar; the route's limit goes along.
        Assert.Equal(new Usage { InputTokens = 1000, OutputTokens = 500, CostMicroUsd = 450 }, completion.Usage);
        Assert.Equal(4096, (int)Upstream.Requests.Single().Body["max_completion_tokens"]!);
    }

    [Theory]
    [InlineData("stop", """{"role": "assistant", "content": "x"}""", FinishReason.Stop)]
    [InlineData("length", """{"role": "assistant", "content": "x"}""", FinishReason.Length)]
    [InlineData("content_filter", """{"role": "assistant", "content": "x"}""", FinishReason.ContentFilter)]
    [InlineData("stop", """{"role": "assistant", "content": null, "refusal": "x"}""", FinishReason.ContentFilter)]
    [InlineData("stop", """{"role": "assistant", "content": "x", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "t", "arguments": ""}}]}""", FinishReason.ToolCalls)]
    public async Task Complete_ModelStopped_SaysWhy(string finishReason, string message, FinishReason expected)
    {
        Upstream.Expect(Upstream.Send(Upstream.Whole(message, finishReason)));

        var completion = await Gateway.CompleteAsync(Ask());

        Assert.Equal((expected, "x"), (completion.FinishReason, completion.Message.Content));
    }

    [Theory]
    [InlineData("{\\\"path\\\": 1", "{\"path\": 1")]
    [InlineData("[1, 2]", "[1, 2]")]
    [InlineData("not json", "not json")]
    public async Task Complete_ArgumentsAreNoObject_AreGivenOnAsTheModelWroteThem(string written, string expected)
    {
        Upstream.Expect(Upstream.Send(Upstream.Whole(
            $$"""{"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "t", "arguments": "{{written}}"} }]}""", "tool_calls")));

        var call = Assert.Single((await Gateway.CompleteAsync(Ask())).Message.ToolCalls);

        Assert.Null(call.Arguments);
        Assert.Equal(expected, call.MalformedArguments);
    }

    [Fact]
    public async Task Complete_ModelRepeatsIdsOfCalls_GetsNewOnes()
    {
        Upstream.Expect(Upstream.Send(Upstream.Whole("""
            {"role": "assistant", "tool_calls": [
              {"id": "call_0", "type": "function", "function": {"name": "t", "arguments": "{}"}},
              {"id": "call_0", "type": "function", "function": {"name": "t", "arguments": "{}"}},
              {"type": "function", "function": {"name": "t", "arguments": "{}"}}]}
            """)));

        var completion = await Gateway.CompleteAsync(Ask());

        Assert.Equal(["call_0", "call_1_1", "call_1_2"], completion.Message.ToolCalls.Select(call => call.ToolCallId).Order());
    }

    [Fact]
    public async Task Complete_ProviderCountsNoTokens_EstimatesThem()
    {
        Upstream.Expect(Upstream.Send(Upstream.Whole("""{"role": "assistant", "content": "12345678"}""", usage: "null")));
        var input = Ask("123456789");
        input.WorkflowId = "wf-estimate";

        var completion = await Gateway.CompleteAsync(input);

        Assert.Equal((3, 2), (completion.Usage.InputTokens, completion.Usage.OutputTokens));
        Assert.True(await Gateway.QueryAsync<bool>("select is_estimate from usage where workflow_id = 'wf-estimate'"));
    }

    [Fact]
    public async Task StreamComplete_UpstreamWaits_WhatCameIsThereAlready()
    {
        var goOn = new TaskCompletionSource();
        Upstream.Expect(async response =>
        {
            await Upstream.Stream(Upstream.Chunk("""{"role": "assistant", "content": ""}"""), Upstream.Chunk("""{"content": "Half "}"""))(response);
            await goOn.Task;
            await Upstream.Stream(Upstream.Chunk("""{"content": "done."}"""), Upstream.Chunk("{}", "\"stop\""), UsageChunk, Done)(response);
        });
        using var call = Gateway.Client().StreamComplete(new StreamCompleteRequest { Input = Ask() }, cancellationToken: Cancellation);

        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal("Half ", call.ResponseStream.Current.TextDelta);
        goOn.SetResult();

        var rest = await call.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal("done.", rest[0].TextDelta);
        Assert.Equal("Half done.", rest[1].Completion.Message.Content);
        Assert.Equal((7, 3), (rest[1].Completion.Usage.InputTokens, rest[1].Completion.Usage.OutputTokens));
        Assert.True((bool)Upstream.Requests.Single().Body["stream_options"]!["include_usage"]!);
    }

    [Fact]
    public async Task StreamComplete_CallsComeInFragments_ArePutTogether()
    {
        Upstream.Expect(Upstream.Stream(
            Upstream.Chunk("""{"role": "assistant", "content": null, "tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "read", "arguments": ""}}]}"""),
            Upstream.Chunk("""{"tool_calls": [{"index": 0, "function": {"arguments": "{\"path\":"}}]}"""),
            Upstream.Chunk("""{"tool_calls": [{"index": 1, "id": "b", "type": "function", "function": {"name": "list", "arguments": "{}"}}]}"""),
            Upstream.Chunk("""{"tool_calls": [{"index": 0, "function": {"arguments": " \"x\"}"}}]}"""),
            Upstream.Chunk("{}", "\"tool_calls\""),
            UsageChunk,
            Done));

        var (text, completion) = await Gateway.StreamAsync(Ask());

        Assert.Empty(text);
        Assert.Equal(FinishReason.ToolCalls, completion.FinishReason);
        Assert.Equal(
            ["""a read { "path": "x" }""", "b list { }"],
            completion.Message.ToolCalls.Select(call => $"{call.ToolCallId} {call.ToolName} {call.Arguments}"));
    }

    [Fact]
    public async Task StreamComplete_UnusualEvents_AreUnderstood()
    {
        // Comments, carriage returns, no space after the colon, an event's name, and a character torn between two writes.
        var torn = System.Text.Encoding.UTF8.GetBytes("data:{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße\"},\"finish_reason\":null}]}\r\n\r\n");
        var middle = Array.IndexOf(torn, (byte)0xC3) + 1;
        Upstream.Expect(async response =>
        {
            await Upstream.Stream(": keep-alive\r\n\r\n", "event: message\r\n")(response);
            await response.Body.WriteAsync(torn.AsMemory(0, middle), Cancellation);
            await response.Body.FlushAsync(Cancellation);
            await response.Body.WriteAsync(torn.AsMemory(middle), Cancellation);
            await Upstream.Stream(Upstream.Chunk("{}", "\"stop\""), UsageChunk, Done, "data: what comes after the end does not count\n\n")(response);
        });

        var (text, _) = await Gateway.StreamAsync(Ask());

        Assert.Equal("Grüße", Assert.Single(text));
    }

    [Fact]
    public async Task StreamComplete_ServerThatCannotStream_ItsAnswerIsOnePiece()
    {
        Upstream.Expect(Upstream.Say("Whole."));

        var (text, completion) = await Gateway.StreamAsync(Ask());

        Assert.Equal("Whole.", Assert.Single(text));
        Assert.Equal("Whole.", completion.Message.Content);
    }

    private const string Done = "data: [DONE]\n\n";

    private const string UsageChunk = """data: {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}}""" + "\n\n";

    private static CompletionInput Ask(string text = "Go.") => new(Gateway.Ask(text)) { Model = "gpt" };
}
