using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Transport;

namespace Temporalio.Tests.Wire;

public sealed class RpcMethodsTests
{
    // A channel keeps what it finds out about a method: one made for each call would never go away.
    [Fact]
    public void Of_SameRpcTwice_IsOneMethod()
    {
        var first = RpcMethods.Of("service", "rpc", GetSystemInfoResponse.Parser);

        Assert.Same(first, RpcMethods.Of("service", "rpc", GetSystemInfoResponse.Parser));
        Assert.NotSame(first, RpcMethods.Of("service", "other", GetSystemInfoResponse.Parser));
    }
}
