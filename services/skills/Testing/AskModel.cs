using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Clients;

namespace Mainstay.Skills.Testing;

/// <summary>Asks the LLM gateway one question on the caller's account, again where it failed for a reason that may pass.</summary>
internal sealed class AskModel(CompletionService.CompletionServiceClient gateway, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>The answer; throws <see cref="ServiceCallException"/> where there is none within the time.</summary>
    public async Task<Completion> ExecuteAsync(CompletionInput input, int retries, TimeSpan longest, CallerContext caller, CancellationToken cancellationToken)
    {
        var deadline = clock.GetUtcNow() + longest;
        for (var (left, pause) = (retries, FirstPause); ; left--, pause *= 2)
        {
            try
            {
                // Each try has the same idempotency key, so that none is billed twice.
                return (await gateway.CompleteAsync(
                    new CompleteRequest { Input = input }, CallerMetadata.ActingFor(caller), deadline.UtcDateTime, cancellationToken)).Completion;
            }
            catch (ServiceCallException exception) when (left > 0 && MayPass(exception) && clock.GetUtcNow() + pause < deadline)
            {
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }

    private static bool MayPass(RpcException exception) => exception.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Aborted;
}
