# The files of the service lie in place by now; what follows starts them. CodeDeploy's agent comes
# last, so that no deployment meets half a machine.
dnf install --assumeyes --quiet docker jq amazon-cloudwatch-agent ruby
systemctl enable --now docker
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \
  -c file:/etc/sentiment/cloudwatch-agent.json
systemctl daemon-reload
# The service alone. A worker of the bootstrap image would work beside that of the release, with
# another model: a release starts its own, and from then on it starts at each boot.
systemctl enable sentiment@serve
# Don't wait for it: a bootstrap image that is missing must not keep the agent from coming.
systemctl start --no-block sentiment@serve
curl --fail --silent --show-error --retry 5 --output /root/install-codedeploy \
  'https://aws-codedeploy-@REGION@.s3.@REGION@.amazonaws.com/latest/install'
chmod +x /root/install-codedeploy
/root/install-codedeploy auto
systemctl enable --now codedeploy-agent
