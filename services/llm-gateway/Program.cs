using Mainstay.LlmGateway;
using Mainstay.ServiceDefaults.Hosting;

return await MainstayRunner.RunAsync(() => LlmGatewayApplication.Build(args));
