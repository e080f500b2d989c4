using System.Text.Json.Nodes;
using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Completions;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>Plays scripts: the same conversation gets the same answer, at no cost and without a network.</summary>
internal sealed class RehearsalProvider(string name, TimeSpan timeout, IReadOnlyDictionary<string, RehearsalScript> scripts, TimeProvider clock) : IModelProvider
{
    private readonly ScriptedFailures failures = new();

    public string Name => name;

    public TimeSpan Timeout => timeout;

    public async Task<ProviderAnswer> AnswerAsync(ModelQuestion question, Action<string> onText, CancellationToken cancellationToken)
    {
        var script = scripts[question.UpstreamModel];
        var conversation = new ConversationView(question.Input.Messages);
        var turn = script.Turns.FirstOrDefault(turn => turn.When.Holds(conversation))
            ?? throw LlmErrors.RehearsalScriptExhausted(
                script.File, conversation.AssistantMessages, $"none of its {script.Turns.Count} turns is for a conversation that stands as this one does");
        var message = MessageOf(script, turn, conversation);

        var failure = turn.Error is { } error && failures.IsDue($"{script.File}/{turn.Index}/{CanonicalJson.Digest(RequestJson.Of(question.Input))}", error.Times) ? error : null;
        if (failure is { AfterChunks: 0 })
        {
            await FailAsync(failure, cancellationToken);
        }

        foreach (var (index, chunk) in TextChunks.Cut(message.Content, turn.Chunks).Index())
        {
            if (index > 0 && turn.Delay > TimeSpan.Zero)
            {
                await Task.Delay(turn.Delay, clock, cancellationToken);
            }

            onText(chunk);
            if (failure?.AfterChunks == index + 1)
            {
                await FailAsync(failure, cancellationToken);
            }
        }

        return new ProviderAnswer(message, turn.FinishReason, turn.Usage ?? TokenEstimate.Of(question.Input, message));
    }

    private static Message MessageOf(RehearsalScript script, ScriptTurn turn, ConversationView conversation)
    {
        var variables = new ScriptVariables(script, turn, conversation);
        return new Message
        {
            Role = Role.Assistant,
            Content = turn.Content.Fill(variables.ValueOf),
            ToolCalls =
            {
                turn.ToolCalls.Select((call, index) => new ToolCall
                {
                    ToolCallId = $"call_{conversation.AssistantMessages}_{index}",
                    ToolName = call.Name,
                    Arguments = ((JsonObject)ScriptText.Fill(call.Arguments, variables.ValueOf)!).ToStruct(),
                }),
            },
        };
    }

    private async Task FailAsync(ScriptError error, CancellationToken cancellationToken)
    {
        if (error.Kind == ScriptErrorKind.Timeout)
        {
            // Ends with the time that a provider has for an answer.
            await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, cancellationToken);
        }

        throw error.Kind switch
        {
            ScriptErrorKind.RateLimited => LlmErrors.RateLimited(name, error.RetryAfter),
            ScriptErrorKind.Refused => LlmErrors.ProviderRefusedRequest(name, "The script refuses it."),
            ScriptErrorKind.KeyRefused => LlmErrors.ProviderRefusedKey(name, "refuses the gateway's key, as the script says"),
            _ => LlmErrors.ProviderUnavailable(name, "is unavailable, as the script says"),
        };
    }
}
