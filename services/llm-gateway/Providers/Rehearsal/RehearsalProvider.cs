using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Routing;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>Plays a script in place of a model: the same conversation gets the same answer, every time.</summary>
internal sealed class RehearsalProvider(string name, string directory, TimeProvider clock) : IModelProvider
{
    private const int MostRememberedFailures = 10_000;

    private readonly ConcurrentDictionary<string, RehearsalScript> scripts = new();

    // How often a turn has failed so far, by conversation.
    private readonly ConcurrentDictionary<(string Conversation, RehearsalTurn Turn), int> failures = new();

    public void Check(ModelRoute route, string key)
    {
        try
        {
            scripts[route.UpstreamModel] = RehearsalScript.Load(Path.Combine(directory, $"{route.UpstreamModel}.yaml"));
        }
        catch (RehearsalScriptException e)
        {
            throw new MainstayConfigurationException($"'{key}' names a rehearsal script that cannot be played: {e.Message}");
        }
    }

    public async IAsyncEnumerable<ProviderPart> AnswerAsync(ModelRoute route, CompletionInput input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var turn = scripts[route.UpstreamModel].Find(input)
            ?? throw LlmErrors.RehearsalScriptExhausted(route.UpstreamModel, input.Messages.Count(message => message.Role == Role.Assistant));
        if (turn.Error is { } error && Fails(input, turn, error))
        {
            throw Failure(error);
        }

        foreach (var piece in turn.Pieces())
        {
            yield return ProviderPart.Text(piece);
            if (turn.Delay > TimeSpan.Zero)
            {
                await Task.Delay(turn.Delay, clock, cancellationToken);
            }
        }

        yield return ProviderPart.Whole(turn.Answer(input));
    }

    private bool Fails(CompletionInput input, RehearsalTurn turn, RehearsalError error)
    {
        var conversation = (input.WorkflowId.Length > 0 ? input.WorkflowId : input.IdempotencyKey, turn);
        if (failures.Count > MostRememberedFailures)
        {
            failures.Clear();
        }

        return failures.AddOrUpdate(conversation, 1, (_, count) => count + 1) <= error.Times;
    }

    private RpcException Failure(RehearsalError error) => error.Kind switch
    {
        RehearsalErrorKind.RateLimited => LlmErrors.RateLimited(name, error.RetryAfter),
        RehearsalErrorKind.Refused => LlmErrors.ProviderRefusedRequest(name, "the script says so."),
        RehearsalErrorKind.KeyRefused => LlmErrors.ProviderRefusedKey(name),
        _ => LlmErrors.ProviderUnavailable(name, "is away, as the script says."),
    };
}
