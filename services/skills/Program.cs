using Mainstay.ServiceDefaults.Hosting;
using Mainstay.Skills;

return await MainstayRunner.RunAsync(() => SkillsApplication.Build(args));
