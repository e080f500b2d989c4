using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Common.V1;

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

    /// <summary>Refuses a memo that is too large.</summary>
    public static void Check(Memo? memo)
    {
        if (memo.Size() > Blob)
        {
            throw ApiErrors.Invalid("Memo size exceeds limit.");
        }
    }
}
