using Mainstay.LocalStack;

namespace Mainstay.Demo;

/// <summary>The commands by which a reader looks further after the demo.</summary>
internal static class FurtherCommands
{
    public static IEnumerable<string> For(Endpoints endpoints, string taskId, bool keep)
    {
        string Address(string service) => new Uri(endpoints.Services[service].Grpc).Authority;
        yield return keep ? "# Everything still runs; './build.sh down' stops it." : "./build.sh up --detach      # everything is stopped, its data is kept";
        yield return "TOKEN=$(./build.sh token)";
        yield return $"grpcurl -plaintext {Address("orchestrator")} list";
        yield return $"grpcurl -plaintext -H \"authorization: Bearer $TOKEN\" -d '{{\"task_id\":\"{taskId}\"}}' {Address("orchestrator")} mainstay.orchestrator.v1.TaskService/GetTask";
        yield return $"grpcurl -plaintext -H \"authorization: Bearer $TOKEN\" -d '{{\"task_id\":\"{taskId}\"}}' {Address("orchestrator")} mainstay.orchestrator.v1.TaskService/WatchTask";
        yield return $"grpcurl -plaintext -H \"authorization: Bearer $TOKEN\" -d '{{\"workflow_id\":\"{taskId}\"}}' {Address("audit")} mainstay.audit.v1.AuditService/SearchEvents";
        yield return $"grpcurl -plaintext -H \"authorization: Bearer $TOKEN\" -d '{{}}' {Address("audit")} mainstay.audit.v1.AuditService/VerifyChain";
    }
}
