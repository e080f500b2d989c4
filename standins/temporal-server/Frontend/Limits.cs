using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>How large payloads may be.</summary>
internal static class Limits
{
    /// <summary>The largest blob, in bytes.</summary>
    public const int Blob = 2 * 1024 * 1024;

    /// <summary>Refuses payloads that are too large.</summary>
    public static void Check(Payloads? payloads)
    {
        if (payloads.Size() > Blob)
        {
            throw ApiErrors.Invalid("Blob data size exceeds limit.");
        }
    }

    /// <summary>Refuses a failure that is too large by putting another in its place.</summary>
    public static Failure? Capped(Failure? failure) => failure.Size() > Blob ? Server("Failure exceeds size limit.") : failure;

    /// <summary>A failure by the server that no retry would mend.</summary>
    public static Failure Server(string message) => new() { Message = message, ServerFailureInfo = new() { NonRetryable = true } };

    /// <summary>Refuses a memo that is too large.</summary>
    public static void Check(Memo? memo)
    {
        if (memo.Size() > Blob)
        {
            throw ApiErrors.Invalid("Memo size exceeds limit.");
        }
    }
}
