using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Providers.OpenAi;

/// <summary>Puts an answer together, from one piece or from many.</summary>
internal sealed class AnswerBuilder
{
    // What comes as an answer goes back as a part of the conversation, and must fit there.
    private const int MostCharacters = 1024 * 1024;
    private const int MostCalls = 128;
    private const int LongestMalformed = 64 * 1024;

    private readonly StringBuilder content = new();
    private readonly SortedDictionary<int, CallBuilder> calls = [];
    private int characters;
    private bool isRefused;
    private TokenUsage? usage;

    /// <summary>Why the model stopped, as the provider says it; null while it has not.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>Adds an answer that came whole.</summary>
    public void AddWhole(JsonElement answer) => Add(answer, "message");

    /// <summary>Adds a piece of a streamed answer; returns its text.</summary>
    public string AddChunk(JsonElement chunk) => Add(chunk, "delta");

    /// <summary>The answer.</summary>
    public ProviderAnswer Build(CompletionInput input)
    {
        var message = new Message { Role = Role.Assistant, Content = content.ToString(), ToolCalls = { calls.Values.Select(Call) } };
        return new ProviderAnswer(message, Reason(), usage ?? TokenEstimate.Of(input, message));
    }

    /// <summary>A member's text; empty when it has none.</summary>
    public static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private string Add(JsonElement answer, string member)
    {
        if (OpenAiRefusal.Details(answer) is { Message.Length: > 0 })
        {
            throw new OpenAiFailure(OpenAiFailureKind.Passing, "failed in the middle of its answer");
        }

        AddUsage(answer);
        if (!answer.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("There are no choices.");
        }

        if (choices.GetArrayLength() == 0)
        {
            return "";
        }

        var choice = choices[0];
        FinishReason = Text(choice, "finish_reason") is { Length: > 0 } reason ? reason : FinishReason;
        return choice.TryGetProperty(member, out var message) && message.ValueKind == JsonValueKind.Object ? AddMessage(message) : "";
    }

    private string AddMessage(JsonElement message)
    {
        var refusal = Text(message, "refusal");
        isRefused |= refusal.Length > 0;
        var text = Count(Text(message, "content") + refusal);
        content.Append(text);
        if (message.TryGetProperty("tool_calls", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var (position, call) in list.EnumerateArray().Index())
            {
                AddCall(call, position);
            }
        }

        return text;
    }

    // A stream numbers its calls; a whole answer lists them.
    private void AddCall(JsonElement call, int position)
    {
        var index = call.TryGetProperty("index", out var number) && number.TryGetInt32(out var given) ? given : position;
        if (!calls.TryGetValue(index, out var builder))
        {
            if (calls.Count == MostCalls)
            {
                throw new AnswerTooLargeException();
            }

            calls[index] = builder = new CallBuilder();
        }

        builder.Id = Text(call, "id") is { Length: > 0 } id ? id : builder.Id;
        if (call.TryGetProperty("function", out var function))
        {
            builder.Name += Count(Text(function, "name"));
            builder.Arguments.Append(Count(Text(function, "arguments")));
        }
    }

    private void AddUsage(JsonElement answer)
    {
        if (answer.TryGetProperty("usage", out var counted) && counted.ValueKind == JsonValueKind.Object
            && Tokens(counted, "prompt_tokens") is { } input && Tokens(counted, "completion_tokens") is { } output)
        {
            usage = new TokenUsage(input, output, IsEstimate: false);
        }
    }

    private static long? Tokens(JsonElement counted, string name) =>
        counted.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var tokens) && tokens >= 0 ? tokens : null;

    private string Count(string text)
    {
        characters += text.Length;
        return characters <= MostCharacters ? text : throw new AnswerTooLargeException();
    }

    private FinishReason Reason() => FinishReason switch
    {
        "length" => Llm.V1.FinishReason.Length,
        "content_filter" => Llm.V1.FinishReason.ContentFilter,
        _ when isRefused => Llm.V1.FinishReason.ContentFilter,
        _ when calls.Count > 0 => Llm.V1.FinishReason.ToolCalls,
        _ => Llm.V1.FinishReason.Stop,
    };

    private static ToolCall Call(CallBuilder builder)
    {
        if (builder.Name.Length == 0)
        {
            throw new FormatException("A tool call has no name.");
        }

        var call = new ToolCall { ToolCallId = builder.Id, ToolName = builder.Name };
        var arguments = builder.Arguments.ToString();
        try
        {
            // Some models write nothing where a tool takes nothing.
            call.Arguments = string.IsNullOrWhiteSpace(arguments) ? new Struct() : Struct.Parser.ParseJson(arguments);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException or ArgumentException or FormatException or OverflowException)
        {
            call.MalformedArguments = arguments.Length <= LongestMalformed ? arguments : arguments[..LongestMalformed];
        }

        return call;
    }

    private sealed class CallBuilder
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}
