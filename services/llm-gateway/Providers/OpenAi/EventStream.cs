using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Mainstay.LlmGateway.Providers.OpenAi;

/// <summary>Reads an answer that comes as server-sent events.</summary>
internal static class EventStream
{
    private const string End = "[DONE]";

    public static async Task ReadAsync(Stream body, AnswerBuilder answer, Action<string> onText, CancellationToken cancellationToken)
    {
        var isEnded = false;
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (item.Data == End)
            {
                isEnded = true;
                break;
            }

            using var chunk = JsonDocument.Parse(item.Data);
            if (answer.AddChunk(chunk.RootElement) is { Length: > 0 } text)
            {
                onText(text);
            }
        }

        // A connection that ends early looks like an end; an answer that is whole says so.
        if (!isEnded && answer.FinishReason is null)
        {
            throw new OpenAiFailure(OpenAiFailureKind.Passing, "broke off its answer");
        }
    }
}
