using Grpc.Core;
using Mainstay.ServiceDefaults.Clients;
using Mainstay.ServiceDefaults.Hosting;
using Mainstay.Skills.V1;
using Mainstay.Testing;
using Microsoft.AspNetCore.Builder;

namespace Mainstay.ServiceDefaults.Tests.Clients;

/// <summary>A service that answers by asking another, which it calls "llm-gateway".</summary>
internal sealed class DependentService(SkillService.SkillServiceClient dependency) : SkillService.SkillServiceBase
{
    public static Task<RunningService> StartAsync(string dependencyAddress, CancellationToken cancellationToken, string moreYaml = "") => RunningService.StartAsync(
        arguments =>
        {
            var token = Path.Combine(Path.GetDirectoryName(arguments[1])!, "token");
            File.WriteAllText(token, "not checked by the dependency");
            var address = new Uri(dependencyAddress);
            return Build([.. arguments, "--services:llm-gateway:host", address.Host, "--services:llm-gateway:grpc", $"{address.Port}", "--auth:service_token_file", token]);
        },
        "skills",
        cancellationToken,
        moreYaml);

    public override async Task<GetSkillResponse> GetSkill(GetSkillRequest request, ServerCallContext context)
    {
        try
        {
            return await dependency.GetSkillAsync(request, cancellationToken: context.CancellationToken);
        }
        catch (RpcException exception) when (request.Version == "handled")
        {
            return new GetSkillResponse { Skill = new Skill { Description = exception.StatusCode.ToString() } };
        }
    }

    public override async Task<ListSkillsResponse> ListSkills(ListSkillsRequest request, ServerCallContext context) =>
        await dependency.ListSkillsAsync(request, cancellationToken: context.CancellationToken);

    private static WebApplication Build(string[] arguments)
    {
        var application = MainstayApplication.CreateBuilder(arguments, "skills", SkillErrorReason.FieldInvalid).AddServiceClient<SkillService.SkillServiceClient>("llm-gateway").Build().UseMainstayDefaults();
        application.MapGrpcService<DependentService>();
        return application;
    }
}
