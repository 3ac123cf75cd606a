cat > lines.csv <<'END'
ref,code,date of service,manufacturer,product
1,K1007,2024-06-01,Argo Technologies,ReWalk
2,K1007,2024-06-01,,Other
END
job=$(curl --fail --silent --show-error --header 'Content-Type: text/csv' --data-binary @lines.csv \
    --output accepted.json --write-out '%header{location}' https://register.example/api/v1/checks/jobs/)
while curl --fail --silent "$job" | grep --quiet '"state":"at_work"'; do sleep 2; done
curl --fail --silent --show-error --output answers.csv "${job}results.csv"
curl --fail --silent --show-error --request DELETE "$job"
cat answers.csv
