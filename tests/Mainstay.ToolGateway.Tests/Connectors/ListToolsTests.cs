using Grpc.Core;
using Mainstay.Tools.V1;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Connectors;

public sealed class ListToolsTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListTools_SomeConnectorsCannotStart_ListsTheOthersAndNamesThem()
    {
        var response = await ListAsync(new ListToolsRequest());

        Assert.Equal(["crashing", "gated", "leaking", "missing", "mute", "unreachable"], response.UnavailableConnectors);
        Assert.Equal(["everything", "filesystem", "hasty", "probe"], response.Tools.Select(tool => tool.Connector).Distinct());
        Assert.Equal(
            response.Tools.OrderBy(tool => tool.Connector, StringComparer.Ordinal).ThenBy(tool => tool.ToolName, StringComparer.Ordinal),
            response.Tools);
    }

    [Fact]
    public async Task ListTools_Tool_ComesWithItsDescriptionAndSchema()
    {
        var response = await ListAsync(new ListToolsRequest { Connectors = { "probe" } });

        var tool = response.Tools.Single(one => one.ToolName == "append");
        Assert.Equal("Probes append.", tool.Description);
        Assert.Equal("string", tool.InputSchema.Fields["properties"].StructValue.Fields["mark"].StructValue.Fields["type"].StringValue);
    }

    [Fact]
    public async Task ListTools_NamedConnectors_ListsOnlyTheirs()
    {
        var response = await ListAsync(new ListToolsRequest { Connectors = { "filesystem", "filesystem" } });

        Assert.Contains(response.Tools, tool => tool.ToolName == "read_text_file");
        Assert.All(response.Tools, tool => Assert.Equal("filesystem", tool.Connector));
        Assert.Equal(response.Tools.Count, response.Tools.DistinctBy(tool => tool.ToolName).Count());
        Assert.Empty(response.UnavailableConnectors);
    }

    [Fact]
    public async Task ListTools_UnderRules_ListsWhatSomeArgumentsCouldCall()
    {
        var scope = new CallScope
        {
            WorkflowRules =
            {
                Rule("read", PermissionEffect.Allow, "filesystem.read_*"),
                Rule("list", PermissionEffect.Allow, "filesystem.list_directory"),
                Rule("write", PermissionEffect.NeedsApproval, "filesystem.write_file", "path=reports/*"),
                Rule("no-media", PermissionEffect.Deny, "filesystem.read_media_file"),
                Rule("no-etc", PermissionEffect.Deny, "*", "path=/etc/*"),
            },
        };

        var response = await ListAsync(new ListToolsRequest { Connectors = { "filesystem", "probe" }, Scope = scope });

        Assert.Equal(
            ["list_directory", "read_file", "read_multiple_files", "read_text_file", "write_file"],
            response.Tools.Select(tool => tool.ToolName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ListTools_UnknownConnector_IsNotFound() =>
        await FailsAsync(StatusCode.NotFound, "CONNECTOR_NOT_FOUND", () => ListAsync(new ListToolsRequest { Connectors = { "probe", "nowhere" } }));

    private async Task<ListToolsResponse> ListAsync(ListToolsRequest request) => await gateway.User().ListToolsAsync(request, cancellationToken: Cancellation);
}
