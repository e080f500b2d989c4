using Mainstay.ServiceDefaults.Hosting;
using Mainstay.ToolGateway;

return await MainstayRunner.RunAsync(() => ToolGatewayApplication.Build(args));
