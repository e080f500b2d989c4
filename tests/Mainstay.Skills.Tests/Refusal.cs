using Google.Rpc;
using Grpc.Core;

namespace Mainstay.Skills.Tests;

/// <summary>Checks how a call was refused.</summary>
internal static class Refusal
{
    /// <summary>The fields named by a refusal that must have this code and reason.</summary>
    public static async Task<IReadOnlyList<BadRequest.Types.FieldViolation>> OfAsync(Func<Task> call, StatusCode code, string reason)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(code, exception.StatusCode);
        Assert.Equal($"SKILL_ERROR_REASON_{reason}", exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
        return exception.GetRpcStatus()!.GetDetail<BadRequest>()?.FieldViolations.ToArray() ?? [];
    }
}
