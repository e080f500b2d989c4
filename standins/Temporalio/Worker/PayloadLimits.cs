using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;

namespace Temporalio.Worker;

/// <summary>Keeps a worker from sending what the server would end the workflow for: the attempt fails instead, so that a corrected worker can go on.</summary>
internal sealed partial class PayloadLimits(WorkerContext context)
{
    /// <summary>The type of the failure that stands for what is too large.</summary>
    public const string FailureType = "PayloadsTooLarge";

    // No server has smaller limits: what is smaller need not be compared.
    private const int AlwaysFits = 2 * 1024;

    private NamespaceLimits? known;

    /// <summary>Warns of an answer that is large; throws <see cref="ApplicationFailureException" /> when it is larger than the namespace takes.</summary>
    public async Task CheckAsync(IMessage answer)
    {
        var large = PayloadSizes.Of(answer).Where(field => field.Bytes > AlwaysFits).ToList();
        if (large.Count == 0)
        {
            return;
        }

        var limits = context.Options.DisablePayloadErrorLimit ? new NamespaceLimits(0, 0) : await LimitsAsync().ConfigureAwait(false);
        var warn = context.Client.Connection.Options.PayloadLimits ?? new PayloadLimitsOptions();
        foreach (var (bytes, memo, enforced) in large)
        {
            var what = memo ? "memo" : "payloads";
            if (enforced && Exceeds(bytes, memo ? limits.Memo : limits.Payloads))
            {
                var message = $"[TMPRL1103] Attempted to upload {what} with size that exceeded the error limit.";
                Log.TooLarge(context.Logger, message, bytes);
                throw new ApplicationFailureException(message, errorType: FailureType);
            }

            if (Exceeds(bytes, memo ? warn.MemoWarnSize : warn.PayloadsWarnSize))
            {
                Log.Large(context.Logger, $"[TMPRL1103] Attempted to upload {what} with size that exceeded the warning limit.", bytes);
            }
        }
    }

    private static bool Exceeds(int bytes, long limit) => limit > 0 && bytes > limit;

    private async Task<NamespaceLimits> LimitsAsync()
    {
        if (known is not { } limits)
        {
            try
            {
                var described = await context.Service.DescribeNamespaceAsync(new DescribeNamespaceRequest { Namespace = context.Namespace }, new() { Retry = true }).ConfigureAwait(false);
                known = limits = new(described.NamespaceInfo?.Limits?.BlobSizeLimitError ?? 0, described.NamespaceInfo?.Limits?.MemoSizeLimitError ?? 0);
            }
            catch (RpcException)
            {
                // Who cannot say what they take is asked again next time; until then they judge for themselves.
                limits = new(0, 0);
            }
        }

        return limits;
    }

    private sealed record NamespaceLimits(long Payloads, long Memo);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Text} Size: {Bytes} bytes")]
        public static partial void TooLarge(ILogger logger, string text, int bytes);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Text} Size: {Bytes} bytes")]
        public static partial void Large(ILogger logger, string text, int bytes);
    }
}
