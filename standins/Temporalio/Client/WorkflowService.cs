namespace Temporalio.Client;

/// <summary>A raw gRPC service.</summary>
public abstract class RpcService
{
    internal abstract string FullName { get; }

    protected abstract Task<T> InvokeRpcAsync<T>(string rpc, IMessage req, MessageParser<T> resp, RpcOptions? options = null)
        where T : IMessage<T>;
}

/// <summary>Temporal's WorkflowService, call by call.</summary>
public abstract partial class WorkflowService : RpcService
{
    internal override string FullName => "temporal.api.workflowservice.v1.WorkflowService";

    /// <summary>The service over a connection.</summary>
    public class Core(TemporalConnection connection) : WorkflowService
    {
        protected override Task<T> InvokeRpcAsync<T>(string rpc, IMessage req, MessageParser<T> resp, RpcOptions? options = null) =>
            connection.InvokeAsync(FullName, rpc, req, resp, options);
    }
}
